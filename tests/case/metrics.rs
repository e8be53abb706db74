//! What the harness counts.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ssot_harness::case::Metrics;
use ssot_harness::prelude::*;
use tokio::task::yield_now;

#[ssot_harness::test]
async fn the_harness_counts_polls_tasks_and_events(case: &Case) -> CaseResult {
    let polls = case.metrics().get(Metrics::POLLS);
    yield_now().await;
    yield_now().await;
    assert_eq!(case.metrics().get(Metrics::POLLS), polls + 2);
    case.spawn(async {}).await?;
    tokio::spawn(async {}).await?;
    assert_eq!(
        case.metrics().get(Metrics::TASKS),
        1,
        "one of the case, and one that was gone before the next statement"
    );
    let [ada] = case.users();
    ada.saw(Surface::Event, "started");
    ada.saw(Surface::Reply, "no event");
    assert_eq!(case.metrics().get(Metrics::EVENTS), 1);
    Ok(())
}

#[ssot_harness::test]
async fn tasks_of_others_are_counted_where_they_appear(case: &Case) -> CaseResult {
    let one = tokio::spawn(yield_now());
    let other = tokio::spawn(yield_now());
    one.await?;
    other.await?;
    assert_eq!(case.metrics().get(Metrics::TASKS), 2);
    Ok(())
}

#[ssot_harness::test]
fn a_test_counts_what_it_likes(case: &Case) {
    case.metrics().count("retries", 2);
    case.metrics().count("retries", 3);
    case.metrics().count(Metrics::MODEL_CALLS, 1);
    assert_eq!(case.metrics().get("retries"), 5);
    assert_eq!(case.metrics().get("redirects"), 0);
    let counted: Vec<_> = case.report().metrics().clone().into_iter().collect();
    assert_eq!(
        counted,
        [("retries".to_owned(), 5), (Metrics::MODEL_CALLS.to_owned(), 1)]
    );
    let refused = catch_unwind(AssertUnwindSafe(|| case.metrics().count(Metrics::POLLS, 1)));
    assert!(refused.is_err(), "the harness's own counters are its own");
}

#[ssot_harness::test]
fn a_report_says_what_took_how_long(case: &Case) {
    let report = case.report();
    assert_eq!(report.test(), "metrics::a_report_says_what_took_how_long");
    assert!(report.phases().is_empty(), "the body is not over");
    assert!(
        report
            .to_string()
            .starts_with("metrics::a_report_says_what_took_how_long took "),
        "{report}"
    );
}
