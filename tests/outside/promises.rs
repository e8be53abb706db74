//! Failures that are hard to see, and time that is over: whoever runs the tests.

use std::time::{Duration, Instant};

use rstest::rstest;

use crate::crates::Crate;
use crate::runners::{Ran, Runner, assert_fails_everywhere};

static PROMISES: Crate = Crate::new("runners", "promises");

fn assert_fails(test: &str, words: &[&str]) -> Vec<Ran> {
    assert_fails_everywhere(&PROMISES, test, words)
}

#[rstest]
#[case("verdict", "ben saw ada's secret")]
#[case("result", "lost inside")]
#[case("result_of_any_value", "lost inside")]
#[case("third_level", "lost inside")]
#[case("join_handle", "lost inside")]
#[case("option", "lost inside")]
#[case("tuple", "lost inside")]
#[case("vector", "lost inside")]
#[case("exit_code", "exit code")]
#[case("exit_status", "exit status: 1")]
#[case("clean_up", "lost inside")]
#[case("clean_up_of_a_watched_task", "lost inside")]
#[case("clean_up_with_text", "lost inside")]
fn a_failure_inside_a_success_fails_the_test(#[case] test: &str, #[case] words: &str) {
    assert_fails(&format!("inside_ok::{test}"), &[words]);
}

#[test]
fn a_violation_inside_a_success_is_evidence() {
    let folder = tempfile::TempDir::new().unwrap();
    let test = "inside_ok::verdict_that_is_declared";
    Runner::Threads.run_with(&PROMISES, test, &[("SSOT_RECORD", folder.path().as_os_str())]);
    let records = ssot_harness::__command::read_records(folder.path()).unwrap();
    assert_eq!(records[0].outcome.class, ssot_harness::__command::Class::Declared);
}

#[test]
fn what_is_no_failure_passes() {
    for runner in Runner::all() {
        let ran = runner.run(&PROMISES, "passing::");
        assert!(ran.passed, "{runner:?}\n{}", ran.said);
    }
}

#[rstest]
#[case("replaced_hook", "lost in a task")]
#[case("replaced_hook_in_a_helper", "lost in a task")]
#[case("taken_hook", "lost in a task")]
#[case("dropped_hook", "lost in a task")]
#[case("replaced_hook_and_watched", "lost in a task")]
#[case("resumed", "lost in a task")]
#[case("resumed_with_any_payload", "a panic without a message")]
#[case("resumed_by_a_watched_supervisor", "lost in a task")]
#[case("resumed_by_a_supervisor", "lost in a task")]
#[case("beside_one_that_is_awaited", "lost in a task")]
#[case("beside_a_body_that_resumes", "lost in a task")]
#[case("beside_a_body_that_resumes", "the body's own")]
fn a_panic_that_no_hook_tells_of_fails_the_test(#[case] test: &str, #[case] words: &str) {
    assert_fails(&format!("unseen::{test}"), &[words]);
}

#[rstest]
#[case("body", "the body timed out")]
#[case("body_without_async", "the body timed out")]
#[case("body_on_threads", "the body timed out")]
#[case("body_that_fails_too", "and it failed")]
#[case("set_up", "the set-up timed out")]
#[case("tear_down", "the tear-down timed out")]
#[case("clean_up", "a clean-up timed out")]
fn what_is_late_has_timed_out_though_it_came_to_its_end(#[case] test: &str, #[case] words: &str) {
    for ran in assert_fails(&format!("late::{test}"), &[words, "not over after 300ms"]) {
        assert!(!ran.witnessed.contains(&"body".to_owned()), "{}", ran.said);
        assert_eq!(test == "set_up", ran.witnessed == ["tear-down"], "{}", ran.said);
    }
}

#[test]
fn what_fails_late_is_no_evidence() {
    let folder = tempfile::TempDir::new().unwrap();
    Runner::Threads.run_with(
        &PROMISES,
        "late::declared",
        &[("SSOT_RECORD", folder.path().as_os_str())],
    );
    let records = ssot_harness::__command::read_records(folder.path()).unwrap();
    assert_eq!(records[0].outcome.class, ssot_harness::__command::Class::Timeout);
}

#[rstest]
#[case("body_that_blocks_and_a_clean_up_that_leaves_a_thread")]
#[case("thread_local")]
fn no_test_outlives_its_deadlines(#[case] test: &str) {
    let begun = Instant::now();
    let runs = assert_fails(&format!("late::{test}"), &[]);
    let each = begun.elapsed() / u32::try_from(runs.len()).unwrap();
    assert!(each < Duration::from_secs(15), "{each:?}");
}
