//! Every option.

use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::time::{Instant, sleep};

use super::bodies::{Shop, ran};

#[ssot_harness::test()]
fn none() {
    ran("attribute::options::none");
}

#[ssot_harness::test(timeout = "1m30s")]
async fn a_timeout() {
    ran("attribute::options::a_timeout");
}

#[ssot_harness::test(timeout = "off")]
fn no_timeout() {
    ran("attribute::options::no_timeout");
}

#[ssot_harness::test(flavor = "current_thread", start_paused = true)]
async fn a_clock_that_stands_still() {
    let begun = Instant::now();
    sleep(Duration::from_secs(3_600)).await;
    assert_eq!(begun.elapsed(), Duration::from_secs(3_600));
    ran("attribute::options::a_clock_that_stands_still");
}

#[ssot_harness::test(flavor = "multi_thread", worker_threads = 2)]
async fn threads(_shop: &mut Shop) {
    ran("attribute::options::threads");
}

#[ssot_harness::test(flavor = "multi_thread", start_paused = false)]
async fn as_many_threads_as_there_are_cores() {
    ran("attribute::options::as_many_threads_as_there_are_cores");
}

#[ssot_harness::test(crate = crate::attribute::wrapped)]
async fn a_harness_by_another_path(shop: &mut Shop, _case: &Case) -> CaseResult {
    assert_eq!(shop.sold, 3);
    ran("attribute::options::a_harness_by_another_path");
    Ok(())
}
