//! What fail-first tests come to, as they tell `cargo ssot`, and what the ledger makes of it.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use ssot_harness::__command::{Ledger, Record, Seen, find_markers, read_records};
use tempfile::TempDir;

use crate::crates::{Crate, without_ours};
use crate::expected::expected;
use crate::runners::Runner;

static CLASSES: Crate = Crate::new("runners", "classes");

#[test]
fn every_test_is_of_one_class_under_every_runner() {
    for runner in Runner::all() {
        let folder = TempDir::new().unwrap();
        let ran = runner.run_with(&CLASSES, "", &[("SSOT_RECORD", folder.path().as_os_str())]);
        assert!(ran.passed, "who records does not judge: {runner:?}\n{}", ran.said);
        let records = read_records(folder.path()).unwrap();
        let found: BTreeMap<_, _> = records
            .iter()
            .map(|Record { test, outcome, .. }| {
                let shape = outcome
                    .fingerprint
                    .as_ref()
                    .map(|fingerprint| &*fingerprint.shape);
                (&**test, (outcome.class, shape))
            })
            .collect();
        assert_eq!(found, expected(), "{runner:?}");
        assert_eq!(records.len(), found.len(), "each tells once");
        assert!(records.iter().all(|record| record.krate == "classes"));
    }
}

/// Also those that are never run.
#[test]
fn the_program_tells_of_its_tests_without_being_run() {
    let program = fs::read(CLASSES.program()).unwrap();
    let mut names: Vec<_> = find_markers(&program)
        .into_iter()
        .map(|found| found.test)
        .collect();
    names.retain(|name| name != "never_run");
    assert_eq!(names, expected().into_keys().collect::<Vec<_>>());
}

/// One run of one test, in a package folder of its own.
struct Package(TempDir);

impl Package {
    fn run(&self, test: &str, environment: &[(&str, &str)]) -> (bool, String) {
        let mut command = Command::new(CLASSES.program());
        without_ours(&mut command);
        let output = command
            .args(["--exact", test])
            .current_dir(self.0.path())
            .env("CARGO_MANIFEST_DIR", self.0.path())
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    }

    fn ledger(&self) -> Ledger {
        Ledger::of_package(self.0.path())
    }
}

#[test]
fn a_red_test_is_recorded_and_passes() {
    let package = Package(TempDir::new().unwrap());
    let file = Ledger::file("classes", "declared");
    let (passed, said) = package.run("declared", &[("CI", "true")]);
    assert!(
        !passed && said.contains("declared is not in the ledger"),
        "{said}"
    );
    assert!(
        package.ledger().files().unwrap().is_empty(),
        "nothing is written under CI"
    );
    let (passed, said) = package.run("declared", &[]);
    assert!(
        passed
            && said.contains(
                "ssot: declared is red for shop#1 (context-leak): commit fail-first/classes/declared.toml"
            ),
        "{said}"
    );
    let entry = package.ledger().read(&file).unwrap().expect("it is on record");
    assert_eq!(
        entry.red.fingerprint.to_string(),
        "context-leak on the surface reply: another user's secret `card`"
    );
    assert_eq!((entry.red.revision, entry.green), (None, None), "there is no git");
    let written = fs::read_to_string(package.0.path().join(&file)).unwrap();
    let (passed, said) = package.run("declared", &[("CI", "true")]);
    assert!(passed, "{said}");
    let (passed, said) = package.run("declared", &[("SSOT_FAIL_FIRST", "show")]);
    assert!(!passed && said.contains("how it happens, in 4 steps"), "{said}");
    assert_eq!(
        fs::read_to_string(package.0.path().join(&file)).unwrap(),
        written,
        "it is written once"
    );
    assert!(
        !written.contains(&*package.0.path().to_string_lossy()),
        "{written}"
    );
}

#[test]
fn a_test_that_proves_both_sides_is_recorded_as_green() {
    let package = Package(TempDir::new().unwrap());
    let (passed, said) = package.run("proven_between", &[]);
    assert!(
        passed && said.contains("proven_between is proven for shop#1"),
        "{said}"
    );
    let file = Ledger::file("classes", "proven_between");
    let entry = package.ledger().read(&file).unwrap().expect("it is on record");
    assert_eq!(entry.red.seen, Seen::ProveBetween);
    assert_eq!(entry.green.map(|green| green.seen), Some(Seen::ProveBetween));
    let (passed, said) = package.run("proven_between", &[("CI", "true")]);
    assert!(passed && !said.contains("is proven"), "{said}");
}

#[test]
fn who_only_looks_leaves_no_trace() {
    let package = Package(TempDir::new().unwrap());
    let records = TempDir::new().unwrap();
    let (passed, said) = package.run(
        "declared_and_kept",
        &[("SSOT_RECORD", records.path().to_str().unwrap())],
    );
    assert!(passed, "{said}");
    assert_eq!(fs::read_dir(package.0.path()).unwrap().count(), 0);
    package.run("declared_and_kept", &[]);
    assert!(
        package.0.path().join("ssot-regressions").exists() && package.0.path().join("fail-first").exists()
    );
}

#[test]
fn a_test_that_was_edited_is_recorded_anew() {
    let package = Package(TempDir::new().unwrap());
    let file = Ledger::file("classes", "declared");
    package.run("declared", &[]);
    let written = package.ledger().read(&file).unwrap().unwrap();
    let mut edited = written.clone();
    let covers = edited.covers.as_mut().unwrap();
    covers.own += 1;
    covers.digest += 1;
    *covers.files.get_mut("tests/classes.rs").unwrap() += 1;
    let mut of_earlier_release = written.clone();
    of_earlier_release.covers = None;
    let mut edited_since_then = of_earlier_release.clone();
    edited_since_then.source += 1;
    let mut renamed = written.clone();
    renamed.issue = "shop#2".to_owned();
    package.ledger().write(&file, &of_earlier_release).unwrap();
    let (passed, said) = package.run("declared", &[("CI", "true")]);
    assert!(
        passed,
        "an entry of an earlier release is known by the test's own tokens: {said}"
    );
    for (entry, named) in [
        (edited, "tests/classes.rs"),
        (edited_since_then, "tests/classes.rs"),
        (renamed, "its issue, shop#2 before"),
    ] {
        package.ledger().write(&file, &entry).unwrap();
        let (passed, said) = package.run("declared", &[("CI", "true")]);
        assert!(
            !passed
                && said.contains("was edited after it was recorded")
                && said.contains(&format!("edited since: {named}")),
            "{said}"
        );
        let (passed, said) = package.run("declared", &[]);
        assert!(passed, "{said}");
        assert_eq!(package.ledger().read(&file).unwrap().unwrap(), written);
    }
}

/// What no run can have written is an error where the test runs, and is left as it is.
#[test]
fn evidence_that_contradicts_what_is_declared_fails_the_test() {
    let package = Package(TempDir::new().unwrap());
    let file = Ledger::file("classes", "declared_by_a_message");
    package.run("declared_by_a_message", &[]);
    let honest = package.ledger().read(&file).unwrap().unwrap();
    assert_eq!(honest.contradiction(), None);
    let mut forged = honest.clone();
    forged.red.fingerprint.kind = "hang".to_owned();
    let mut other_words = honest.clone();
    other_words.red.fingerprint.shape = "there are # orders".to_owned();
    let mut other_way = honest.clone();
    other_way.red.seen = Seen::Prove;
    for (forged, words) in [
        (
            forged,
            "it declares the message \"2 sessions\", and its evidence is a hang",
        ),
        (other_words, "its evidence says `there are # orders`"),
        (
            other_way,
            "it was seen red by prove, which sees both sides, and not green",
        ),
    ] {
        package.ledger().write(&file, &forged).unwrap();
        let (passed, said) = package.run("declared_by_a_message", &[]);
        assert!(!passed && said.contains(words), "{said}");
        assert_eq!(package.ledger().read(&file).unwrap().unwrap(), forged);
    }
}

#[test]
fn what_is_no_evidence_is_not_recorded_and_shows_what_it_said() {
    let package = Package(TempDir::new().unwrap());
    for (test, words) in [
        ("passed", "passed has never been seen red"),
        ("another_violation", "it failed with another violation:"),
        ("another_panic", "called `Option::unwrap()` on a `None` value"),
        ("set_up_error", "its set-up failed:"),
        ("tear_down_error", "its tear-down failed:"),
        ("timeout", "it timed out:"),
        ("vacuous", "its check could not have found anything:"),
    ] {
        let (passed, said) = package.run(test, &[]);
        assert!(!passed && said.contains(words), "{test}: {said}");
    }
    assert!(package.ledger().files().unwrap().is_empty());
}

#[test]
fn a_ledger_that_cannot_be_read_fails_the_test_and_is_left_alone() {
    let package = Package(TempDir::new().unwrap());
    let file = package.0.path().join(Ledger::file("classes", "declared"));
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "<<<<<<< HEAD\n").unwrap();
    let (passed, said) = package.run("declared", &[]);
    assert!(
        !passed && said.contains("fail-first/classes/declared.toml:1: a merge conflict"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), "<<<<<<< HEAD\n");
    let (passed, said) = package.run("declared", &[("SSOT_FAIL_FIRST", "hide")]);
    assert!(!passed && said.contains("SSOT_FAIL_FIRST is `hide`"), "{said}");
}
