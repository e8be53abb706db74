//! Checks that stop where little is left to see, and those that do not.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ssot_harness::prelude::*;
use tokio::task::yield_now;

use crate::systems::LONG;

/// Two users, of whom each stops once: it does not take 4,000 executions to see all that they can do.
fn small() -> Check<()> {
    isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            yield_now().await;
            user.saw(Surface::Reply, &user.secret("own"));
            Ok(())
        })
        .within(LONG)
        .without_regressions()
}

#[test]
fn a_check_stops_where_nothing_new_is_likely() {
    let report = small().check().unwrap();
    assert!(
        report.has_settled() && (300..1_000).contains(&report.executions()),
        "{report}"
    );
    assert!(
        report
            .probability_of_new()
            .is_some_and(|probability| probability < 0.034),
        "{report}"
    );
    let text = report.to_string();
    let words: Vec<_> = text.split_whitespace().collect();
    let text = words.join(" ");
    assert!(
        text.contains("behaved as another did; the search stopped there") && text.contains("behaviours "),
        "{report}"
    );
    let certificate = report
        .certificate()
        .expect("every order is enumerated before it stops");
    assert!(
        certificate.dropped_calls().is_some() || certificate.with_one_drop().is_some(),
        "{report}"
    );
}

#[test]
fn what_is_asked_for_is_run_all_the_same() {
    let thorough = small().executions(1_500).thorough().check().unwrap();
    assert_eq!(thorough.executions(), 1_500, "{thorough}");
    assert!(!thorough.has_settled(), "{thorough}");
}

/// One user stops `stops` times, and four never do: nobody wakes anybody else, so that every order behaves alike.
fn one_who_stops(stops: usize) -> Check<()> {
    isolation(async || ())
        .users(5, async move |user: &User, (): &()| {
            let stops = if user.index() == 0 { stops } else { 0 };
            for _ in 0..stops {
                yield_now().await;
            }
            user.saw(Surface::Reply, &user.secret("own"));
            Ok(())
        })
        .cancellations(0)
        .within(LONG)
        .without_regressions()
}

fn enumerated(report: &Report) -> u64 {
    let portions = &report.to_json()["summary"]["portions"];
    let portions = portions.as_array().unwrap();
    let enumeration = portions.iter().find(|portion| portion["of"] == "enumeration");
    enumeration.unwrap()["executions"].as_u64().unwrap()
}

#[test]
fn every_order_is_run_before_a_check_stops() {
    let report = one_who_stops(0).check().unwrap();
    assert!(report.has_settled(), "{report}");
    assert_eq!(enumerated(&report), 3 * 120, "5! in each identity mode: {report}");
}

#[test]
fn a_bound_is_reached_although_little_is_left_to_see() {
    let orders = 7 * 6 * 5 * 4;
    let bounded = one_who_stops(2)
        .preemptions(3)
        .identities([IdentityMode::Distinct]);
    let report = bounded.check().unwrap();
    assert!(report.has_settled(), "{report}");
    let certificate = report.certificate().unwrap();
    assert!(certificate.is_exhaustive(), "{report}");
    assert_eq!(enumerated(&report), orders, "{report}");
    let unbounded = one_who_stops(2)
        .identities([IdentityMode::Distinct])
        .check()
        .unwrap();
    assert!(
        unbounded.has_settled() && enumerated(&unbounded) < orders,
        "{unbounded}"
    );
}

/// Runs this test in a process of its own, with this variable.
fn with_variable(name: &str, value: &str) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "settled::who_asks_for_more_by_a_variable_gets_it"])
        .env("SSOT_TEST_OF_VARIABLE", "1")
        .env(name, value)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{name}: {said}"
    );
}

#[test]
fn who_asks_for_more_by_a_variable_gets_it() {
    if std::env::var_os("SSOT_TEST_OF_VARIABLE").is_some() {
        let report = small().check().unwrap();
        assert!(!report.has_settled() && report.executions() >= 1_000, "{report}");
    } else {
        with_variable("SSOT_EXECUTIONS", "1500");
        with_variable("SSOT_WITHIN", "3s");
        with_variable("SSOT_SHARD", "2/2");
    }
}

/// Texts that differ in every execution by their nature are no new behaviour.
#[test]
fn what_differs_between_solo_runs_is_nothing_new() {
    let serial = Arc::new(AtomicU64::new(0));
    let report = isolation(async || ())
        .users(2, async move |user: &User, (): &()| {
            yield_now().await;
            let number = serial.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            let own = user.secret("own");
            user.saw(Surface::Reply, &format!("{own} as {number:x}"));
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap();
    assert!(report.has_settled(), "{report}");
}
