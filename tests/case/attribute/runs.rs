//! Runs the tests of this program in a process of their own, and asks which bodies ran.

use std::process::{Command, Output};
use std::{env, fs};

use super::bodies::RAN;

fn this_program(arguments: &[&str]) -> Command {
    let mut program = Command::new(env::current_exe().unwrap());
    program.args(arguments).env_remove("RUST_BACKTRACE");
    program
}

/// The tests of a module, as the runner lists them.
fn listed(module: &str) -> Vec<String> {
    let output = this_program(&["--list", "--format=terse", module])
        .output()
        .unwrap();
    let mut tests: Vec<_> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| line.strip_suffix(": test").unwrap().to_owned())
        .collect();
    tests.sort();
    tests
}

/// Runs the tests of a module; the bodies that ran, as often as they did.
fn run(module: &str, arguments: &[&str]) -> (Output, Vec<String>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    let output = this_program(&[module])
        .args(arguments)
        .env(RAN, file.path())
        .output()
        .unwrap();
    let mut ran: Vec<_> = fs::read_to_string(file.path())
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    ran.sort();
    (output, ran)
}

#[track_caller]
fn assert_every_body_runs_once(module: &str) {
    let (output, ran) = run(module, &["--include-ignored"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let listed = listed(module);
    assert!(!listed.is_empty());
    assert_eq!(ran, listed);
}

#[test]
fn every_body_runs_once_whatever_its_shape() {
    assert_every_body_runs_once("attribute::shapes::");
}

#[test]
fn every_body_runs_once_whatever_its_options() {
    assert_every_body_runs_once("attribute::options::");
}

#[test]
fn every_body_runs_once_for_each_case() {
    assert_every_body_runs_once("attribute::stacking::");
}

#[test]
fn an_ignored_test_does_not_run_unasked() {
    let (output, ran) = run("attribute::stacking::ignored", &[]);
    assert!(output.status.success());
    assert_eq!(ran, Vec::<String>::new());
    assert_eq!(listed("attribute::stacking::ignored").len(), 3);
}

#[test]
fn a_test_fails_by_what_it_returns_and_by_its_panic() {
    let (output, ran) = run("attribute::failing::", &["--ignored"]);
    let listed = listed("attribute::failing::");
    assert_eq!(ran, listed, "each comes to the point at which it fails");
    let text = String::from_utf8_lossy(&output.stdout);
    for test in listed {
        assert!(
            text.contains(&format!("test {test} ... FAILED")),
            "{test}:\n{text}"
        );
    }
    for said in ["Refused(7)", "no card", "the shop burnt down"] {
        let texts = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
        assert!(texts.iter().any(|text| text.contains(said)), "{said}:\n{texts:?}");
    }
}
