//! Tests that fail, which `runs` runs.

use ssot_harness::prelude::*;

use super::bodies::{Shop, ran};

#[derive(Debug)]
#[expect(dead_code, reason = "it is there to be printed")]
struct Refused(u32);

#[ssot_harness::test]
#[ignore = "fails, on purpose"]
async fn by_any_error() -> Result<(), Refused> {
    ran("attribute::failing::by_any_error");
    tokio::task::yield_now().await;
    Err(Refused(7))
}

#[ssot_harness::test]
#[ignore = "fails, on purpose"]
fn by_an_error_of_the_case(_shop: &mut Shop) -> CaseResult {
    ran("attribute::failing::by_an_error_of_the_case");
    Err(CaseError::new("no card"))
}

#[ssot_harness::test]
#[ignore = "fails, on purpose"]
async fn by_a_panic(shop: &mut Shop, _case: &Case) {
    ran("attribute::failing::by_a_panic");
    assert_eq!(shop.sold, 0, "the shop burnt down");
}

#[ssot_harness::test]
#[ignore = "fails, on purpose"]
fn by_a_verdict() -> Verdict {
    ran("attribute::failing::by_a_verdict");
    isolation(async || ())
        .users(2, async |_: &User, (): &()| Ok(()))
        .check()
}
