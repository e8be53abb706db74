//! Arguments, asynchronous or not, what is returned.

use std::convert::Infallible;

use ssot_harness::prelude::*;

use super::bodies::{Shop, ran};

mod asynchronous {
    use super::*;

    #[ssot_harness::test]
    async fn with_nothing() {
        tokio::task::yield_now().await;
        ran("attribute::shapes::asynchronous::with_nothing");
    }

    #[ssot_harness::test]
    async fn with_the_case(case: &Case) {
        let _: &Case = case;
        tokio::task::yield_now().await;
        ran("attribute::shapes::asynchronous::with_the_case");
    }

    #[ssot_harness::test]
    async fn with_a_fixture(shop: &mut Shop) {
        shop.sold += 1;
        tokio::task::yield_now().await;
        assert_eq!(shop.sold, 4);
        ran("attribute::shapes::asynchronous::with_a_fixture");
    }

    #[ssot_harness::test]
    async fn with_a_fixture_and_the_case(shop: &mut Shop, _case: &Case) {
        tokio::task::yield_now().await;
        assert_eq!(shop.sold, 3);
        ran("attribute::shapes::asynchronous::with_a_fixture_and_the_case");
    }

    #[ssot_harness::test]
    async fn with_the_case_and_a_fixture(_: &ssot_harness::Case, Shop { sold }: &mut super::Shop) {
        tokio::task::yield_now().await;
        assert_eq!(*sold, 3);
        ran("attribute::shapes::asynchronous::with_the_case_and_a_fixture");
    }
}

mod synchronous {
    use super::*;

    #[ssot_harness::test]
    fn with_nothing() {
        ran("attribute::shapes::synchronous::with_nothing");
    }

    #[ssot_harness::test]
    fn with_the_case(case: &Case) {
        let _: &Case = case;
        ran("attribute::shapes::synchronous::with_the_case");
    }

    #[ssot_harness::test]
    fn with_a_fixture(shop: &mut Shop) {
        assert_eq!(shop.sold, 3);
        ran("attribute::shapes::synchronous::with_a_fixture");
    }

    #[ssot_harness::test]
    fn with_a_fixture_and_the_case(shop: &mut Shop, _case: &Case) {
        assert_eq!(shop.sold, 3);
        ran("attribute::shapes::synchronous::with_a_fixture_and_the_case");
    }

    #[ssot_harness::test]
    fn with_the_case_and_a_fixture(_case: &Case, shop: &mut Shop) {
        assert_eq!(shop.sold, 3);
        ran("attribute::shapes::synchronous::with_the_case_and_a_fixture");
    }
}

mod returning {
    use super::*;

    #[ssot_harness::test]
    async fn what_may_go_wrong(shop: &mut Shop) -> CaseResult {
        let sold: u32 = "3".parse()?;
        assert_eq!(shop.sold, sold);
        ran("attribute::shapes::returning::what_may_go_wrong");
        Ok(())
    }

    #[ssot_harness::test]
    fn a_verdict() -> Verdict {
        ran("attribute::shapes::returning::a_verdict");
        isolation(async || ())
            .users(2, async |user: &User, (): &()| {
                user.saw(Surface::Reply, &user.secret("card"));
                Ok(())
            })
            .check()
    }

    #[ssot_harness::test]
    async fn a_value_and_any_error() -> Result<u32, Infallible> {
        ran("attribute::shapes::returning::a_value_and_any_error");
        Ok(3)
    }

    #[ssot_harness::test]
    fn what_does_not_go_wrong() -> CaseResult {
        ran("attribute::shapes::returning::what_does_not_go_wrong");
        Ok(())
    }

    #[ssot_harness::test]
    fn a_unit_by_name() -> () {
        ran("attribute::shapes::returning::a_unit_by_name");
    }
}

mod written_otherwise {
    use super::*;

    #[ssot_harness::test]
    fn r#match() {
        ran("attribute::shapes::written_otherwise::r#match");
    }

    /// A name of the expansion's does not reach the body, nor one of the module's the expansion.
    #[ssot_harness::test]
    async fn names_that_the_expansion_uses(fixture: &mut Shop, case: &Case) {
        const TEST: u32 = super::TEST;
        let _: &Case = case;
        assert_eq!(fixture.sold, TEST);
        ran("attribute::shapes::written_otherwise::names_that_the_expansion_uses");
    }

    macro_rules! a_test {
        ($name:ident, $shop:ty, $timeout:literal, $said:expr) => {
            #[ssot_harness::test(timeout = $timeout)]
            async fn $name(shop: &mut $shop) {
                assert_eq!(shop.sold, 3);
                ran($said);
            }
        };
    }

    a_test!(
        by_a_macro,
        Shop,
        "10s",
        "attribute::shapes::written_otherwise::by_a_macro"
    );

    #[ssot_harness::test]
    pub(super) fn within_the_crate() {
        ran("attribute::shapes::written_otherwise::within_the_crate");
    }
}

/// One more name that the expansion uses.
const TEST: u32 = 3;
