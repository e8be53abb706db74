//! What tests of one process do to each other.

use crate::crates::Crate;
use crate::runners::Runner;

static AMONG_OTHERS: Crate = Crate::new("runners", "among_others");

#[test]
fn a_job_belongs_to_the_test_that_it_says() {
    let ran = Runner::Threads.run(&AMONG_OTHERS, "shared::");
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
    let ran = Runner::Threads.run(&AMONG_OTHERS, "shared_by_span::");
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
    let ran = Runner::Threads.run(&AMONG_OTHERS, "shared_by_nobody::");
    assert!(ran.passed, "{}", ran.said);
    assert!(
        ran.said.contains("a job that says nothing") && ran.said.contains("belongs to no test"),
        "{}",
        ran.said
    );
    let ran = Runner::OneThread.run(&AMONG_OTHERS, "shared_by_nobody::");
    assert!(ran.passed, "{}", ran.said);
    assert!(ran.said.contains("belongs to no test"), "{}", ran.said);
}

#[test]
fn a_variable_that_is_set_directly_is_undone_or_reported() {
    let before = [("SSOT_PROMISES_BEFORE", "1".as_ref())];
    let ran = Runner::OneThread.run_with(&AMONG_OTHERS, "environment::", &before);
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
    let ran = Runner::Threads.run_with(&AMONG_OTHERS, "environment::a_sets_a_variable", &before);
    assert!(
        ran.said.contains("SSOT_HARNESS_PROMISES") && ran.said.contains("changed"),
        "{}",
        ran.said
    );
}
