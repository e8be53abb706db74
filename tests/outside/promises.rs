//! Failures that are hard to see, time that is over, clean-ups that are hard to run: whoever runs the tests.

use std::time::{Duration, Instant};

use rstest::rstest;

use crate::crates::Crate;
use crate::runners::{Ran, Runner};

static PROMISES: Crate = Crate::new("runners", "promises");

fn assert_fails(test: &str, words: &[&str]) -> Vec<Ran> {
    let runs: Vec<_> = Runner::all()
        .into_iter()
        .map(|runner| {
            let ran = runner.run(&PROMISES, test);
            assert!(!ran.passed, "{runner:?}\n{}", ran.said);
            for words in words {
                assert!(ran.said.contains(words), "{runner:?}: {words}\n{}", ran.said);
            }
            assert!(
                !ran.said.contains("the harness panicked"),
                "{runner:?}\n{}",
                ran.said
            );
            ran
        })
        .collect();
    runs
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
    let records = ssot_harness::fail_first::read_records(folder.path()).unwrap();
    assert_eq!(
        records[0].outcome.class,
        ssot_harness::fail_first::Class::Declared
    );
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
    let records = ssot_harness::fail_first::read_records(folder.path()).unwrap();
    assert_eq!(records[0].outcome.class, ssot_harness::fail_first::Class::Timeout);
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

const ALL: [&str; 3] = ["clean-up of the body", "tear-down", "clean-up of the set-up"];

#[rstest]
#[case("payload", "the body panicked", &ALL)]
#[case("payload_without_async", "the body panicked", &ALL)]
#[case("payload_of_a_clean_up", "a clean-up panicked", &ALL)]
#[case("payload_of_a_task", "a panic without a message", &ALL)]
#[case("error_in_drop", "mine", &ALL)]
#[case("error_in_debug", "panics in Debug", &ALL)]
#[case("case_error_in_drop", "mine", &ALL)]
#[case("case_error_in_display", "panics in Display", &ALL)]
#[case("clean_up_error_in_drop", "mine", &ALL)]
#[case("clean_up_error_in_display", "panics in Display", &ALL)]
#[case("set_up_error_in_display", "panics in Display", &["clean-up of the set-up"])]
#[case("fixture", "the tear-down panicked", &["clean-up of the body", "clean-up of the set-up"])]
#[case("task_that_is_left", "task is still alive", &ALL)]
fn no_value_that_panics_keeps_clean_ups_from_being_run(
    #[case] test: &str,
    #[case] words: &str,
    #[case] witnessed: &[&str],
) {
    for ran in assert_fails(&format!("hostile::{test}"), &[words]) {
        assert_eq!(ran.witnessed, witnessed, "{}", ran.said);
    }
}

#[test]
fn a_clean_up_that_blocks_keeps_nothing_else_from_being_done() {
    for ran in assert_fails("cleaned::blocked_clean_up", &["a clean-up blocks its thread"]) {
        let expected = [
            "last of the body",
            "first of the body",
            "tear-down",
            "clean-up of the set-up",
        ];
        assert_eq!(ran.witnessed, expected, "{}", ran.said);
    }
    for ran in assert_fails(
        "cleaned::blocked_clean_up_of_the_set_up",
        &["a clean-up blocks its thread"],
    ) {
        assert_eq!(
            ran.witnessed,
            ["tear-down", "clean-up of the set-up"],
            "{}",
            ran.said
        );
    }
}

#[test]
fn clean_ups_that_register_others_for_ever_come_to_an_end() {
    assert_fails(
        "cleaned::registered_for_ever",
        &["a clean-up was not run", "×10000"],
    );
}

#[rstest]
#[case("passes_by_a_task_after_the_body", "registered after the body")]
#[case("passes_by_a_task_that_is_dropped", "registered by a destructor")]
fn a_clean_up_that_is_registered_late_is_run(#[case] test: &str, #[case] witnessed: &str) {
    for runner in Runner::all() {
        let ran = runner.run(&PROMISES, &format!("cleaned::{test}"));
        assert!(ran.passed, "{runner:?}\n{}", ran.said);
        assert_eq!(ran.witnessed, [witnessed], "{runner:?}\n{}", ran.said);
    }
}

#[test]
fn a_clean_up_that_is_registered_too_late_is_reported() {
    let ran = Runner::Threads.run(&PROMISES, "too_late::");
    assert!(
        ran.said
            .contains("was registered after too_late::passes_but_a_thread_comes_too_late was over"),
        "{}",
        ran.said
    );
    assert!(!ran.witnessed.contains(&"too late".to_owned()));
}

#[rstest]
#[case("body")]
#[case("body_without_async")]
#[case("blocking_task")]
#[case("task")]
#[case("set_up")]
#[case("clean_up")]
#[cfg(target_os = "linux")]
fn a_test_that_ends_the_process_is_named_and_cleaned_up(#[case] test: &str) {
    for ran in assert_fails(
        &format!("exits::{test}"),
        &[&format!("exits::{test}"), "ended the process"],
    ) {
        assert_eq!(ran.witnessed, ["clean-up of the body"], "{}", ran.said);
    }
}

#[test]
fn a_job_belongs_to_the_test_that_it_says() {
    let ran = Runner::Threads.run(&PROMISES, "shared::");
    assert_eq!(ran.witnessed, ["a is sound"], "{}", ran.said);
    assert!(ran.said.contains("1 passed; 1 failed"), "{}", ran.said);
    assert!(ran.said.contains("the job of b panics"), "{}", ran.said);
    assert!(
        ran.said.contains("shared::b_has_a_job_that_panics: a panic"),
        "{}",
        ran.said
    );
}

#[test]
fn a_job_belongs_to_the_test_of_its_span() {
    let ran = Runner::Threads.run(&PROMISES, "shared_by_span::");
    assert_eq!(ran.witnessed, ["a is sound"], "{}", ran.said);
    assert!(ran.said.contains("2 passed; 1 failed"), "{}", ran.said);
    assert!(
        ran.said
            .contains("shared_by_span::b_has_a_job_that_panics: a panic"),
        "{}",
        ran.said
    );
    assert!(
        ran.said
            .contains("ssot: a panic belongs to no test that is known: a job that says nothing"),
        "{}",
        ran.said
    );
}

#[test]
fn a_panic_that_may_be_anybodys_is_reported_and_fails_nobody() {
    let ran = Runner::Threads.run(&PROMISES, "shared_by_nobody::");
    assert!(ran.passed, "{}", ran.said);
    assert!(
        ran.said.contains("a job that says nothing") && ran.said.contains("belongs to no test"),
        "{}",
        ran.said
    );
    let ran = Runner::OneThread.run(&PROMISES, "shared_by_nobody::");
    assert!(ran.passed, "{}", ran.said);
    assert!(ran.said.contains("belongs to no test"), "{}", ran.said);
}

#[test]
fn a_variable_that_is_set_directly_is_undone_or_reported() {
    let before = [("SSOT_PROMISES_BEFORE", "1".as_ref())];
    let ran = Runner::OneThread.run_with(&PROMISES, "environment::", &before);
    assert!(ran.passed, "{}", ran.said);
    assert_eq!(ran.witnessed, [r#"None Some("1")"#], "{}", ran.said);
    for (test, variable) in [
        ("a_sets_a_variable", "SSOT_HARNESS_PROMISES"),
        ("b_removes_a_variable", "SSOT_PROMISES_BEFORE"),
    ] {
        let said = format!("environment::{test} changed the environment");
        assert!(
            ran.said.contains(&said) && ran.said.contains(variable),
            "{}",
            ran.said
        );
    }
    assert!(
        ran.said
            .contains("environment::b_changes_the_directory changed the working directory"),
        "{}",
        ran.said
    );
    let ran = Runner::Threads.run_with(&PROMISES, "environment::a_sets_a_variable", &before);
    assert!(
        ran.said.contains("SSOT_HARNESS_PROMISES") && ran.said.contains("changed"),
        "{}",
        ran.said
    );
}
