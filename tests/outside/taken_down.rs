//! That a test is taken down where that is hard, whoever runs it.

use rstest::rstest;

use crate::crates::Crate;
use crate::runners::{Ran, Runner, assert_fails_everywhere};

static TAKEN_DOWN: Crate = Crate::new("runners", "taken_down");

fn assert_fails(test: &str, words: &[&str]) -> Vec<Ran> {
    assert_fails_everywhere(&TAKEN_DOWN, test, words)
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
        let ran = runner.run(&TAKEN_DOWN, &format!("cleaned::{test}"));
        assert!(ran.passed, "{runner:?}\n{}", ran.said);
        assert_eq!(ran.witnessed, [witnessed], "{runner:?}\n{}", ran.said);
    }
}

#[test]
fn a_clean_up_that_is_registered_too_late_is_reported() {
    let ran = Runner::Threads.run(&TAKEN_DOWN, "too_late::");
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
