//! A crate outside the workspace writes a first test against its own leaky service.
//!
//! Its test program is run as `cargo test` runs it.

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::crates::{Crate, cargo, profile, target, without_ours};

static DESK: Crate = Crate::new("helpdesk", "desk");

/// One run of the user's tests, in a package folder of its own.
struct Package(TempDir);

impl Package {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn test(&self, name: &str, environment: &[(&str, &str)]) -> (bool, String) {
        let mut command = Command::new(DESK.program());
        command
            .args(["--exact", name])
            .current_dir(self.0.path())
            .env("CARGO_MANIFEST_DIR", self.0.path());
        without_ours(&mut command);
        command.envs(environment.iter().copied());
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        (
            status.success(),
            String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned(),
        )
    }

    fn fails(&self, environment: &[(&str, &str)]) -> String {
        let (passed, said) = self.test("answers_stay_with_their_user", environment);
        assert!(!passed, "{said}");
        said
    }

    fn kept(&self) -> Option<String> {
        fs::read_to_string(
            self.0
                .path()
                .join("ssot-regressions/desk/answers_stay_with_their_user.txt"),
        )
        .ok()
    }
}

#[test]
fn the_report_is_what_cargo_test_prints() {
    let said = Package::new().fails(&[]);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"\d+(\.\d+)? m?s\)", "[time])");
    settings.add_filter(r"\d+ filtered out", "[n] filtered out");
    settings.add_filter(r"finished in [\d.]+s", "finished in [time]");
    settings.bind(|| insta::assert_snapshot!("outside", said));
}

#[test]
fn a_reformed_service_passes_and_says_what_was_covered_on_request() {
    let package = Package::new();
    let (passed, said) = package.test("reformed_answers_stay_with_their_user", &[]);
    assert!(passed && !said.contains("stayed apart"), "{said}");
    let (passed, said) = package.test("reformed_answers_stay_with_their_user", &[("SSOT_REPORT", "1")]);
    assert!(
        passed && said.contains("3 users stayed apart in 4,000 executions"),
        "{said}"
    );
    assert!(said.contains("every order of polls"), "{said}");
    assert!(
        !package.0.path().join("ssot-regressions").exists(),
        "nothing failed"
    );
}

/// The same schedule, whatever the process and the profile.
#[test]
fn a_failure_is_kept_and_run_first_whatever_the_seed() {
    let package = Package::new();
    package.fails(&[]);
    let kept = package.kept().expect("it is kept");
    assert_eq!(
        kept,
        "ssot-regressions 1\n\
         # Schedules in which `answers_stay_with_their_user` failed. They are run first next time: keep this file.\n\
         v1:one@0:2,1,3,t,3,1,2\n"
    );
    let said = package.fails(&[("SSOT_SEED", "9_999")]);
    assert!(
        said.contains("line 3 of ssot-regressions/desk/answers_stay_with_their_user.txt"),
        "{said}"
    );
    assert!(said.contains("after 1 execution"), "{said}");
    assert_eq!(package.kept(), Some(kept), "it is kept once");
}

#[test]
fn what_is_replayed_is_not_kept() {
    let package = Package::new();
    let said = package.fails(&[("SSOT_REPLAY", "v1:one@1:1,2,3,t,3,1,2")]);
    assert!(said.contains("replay, after 1 execution"), "{said}");
    assert_eq!(package.kept(), None);
}

/// A search meets the same panic many times over; its report tells of it once.
#[test]
fn panics_of_the_system_are_told_and_not_printed() {
    let (passed, said) = Package::new().test("one_customer_at_a_time", &[]);
    assert!(!passed, "{said}");
    assert!(said.contains("the desk is taken"), "{said}");
    assert!(!said.contains("panicked at"), "{said}");
}

#[test]
fn under_ci_nothing_is_written() {
    let package = Package::new();
    let said = package.fails(&[("CI", "true")]);
    assert!(said.contains("context-leak"), "{said}");
    assert_eq!(package.kept(), None);
    assert_eq!(fs::read_dir(package.0.path()).unwrap().count(), 0);
}

#[test]
fn the_environment_goes_before_the_test() {
    let package = Package::new();
    let (_, said) = package.test(
        "reformed_answers_stay_with_their_user",
        &[
            ("SSOT_REPORT", "1"),
            ("SSOT_EXECUTIONS", "1234"),
            ("SSOT_SEED", "0x2a"),
        ],
    );
    assert!(said.contains("1,234 executions"), "{said}");
    assert!(said.contains("seed         42"), "{said}");
    // A soak goes on until its time is up, whatever the test says of executions, and reports unasked.
    let (passed, said) = package.test("reformed_answers_stay_with_their_user", &[("SSOT_WITHIN", "2s")]);
    assert!(passed && said.contains("3 users stayed apart in "), "{said}");
    assert!(
        !said.contains("in 4,000 executions") && !said.contains("the time was up"),
        "{said}"
    );
    let (_, said) = package.test(
        "reformed_answers_stay_with_their_user",
        &[("SSOT_REPORT", "1"), ("SSOT_SHARD", "3/8")],
    );
    assert!(said.contains("shard        3/8 of the search"), "{said}");
    for (name, value, what) in [
        (
            "SSOT_WITHIN",
            "soon",
            "SSOT_WITHIN is `soon`, which is no length of time",
        ),
        (
            "SSOT_SHARD",
            "9/8",
            "SSOT_SHARD is `9/8`: a shard is written as two whole numbers",
        ),
    ] {
        let said = package.fails(&[(name, value)]);
        assert!(said.contains(what), "{said}");
    }
    for (name, value) in [("SSOT_SEED", "seven"), ("SSOT_EXECUTIONS", "-1")] {
        let said = package.fails(&[(name, value)]);
        assert!(
            said.contains(&format!("{name} is `{value}`, which is no number")),
            "{said}"
        );
    }
    let said = package.fails(&[("SSOT_REPLAY", "v1:one@1:1,2,t,1,")]);
    assert!(said.contains("not a schedule: at character 18"), "{said}");
}

#[test]
fn a_folder_that_cannot_be_written_to_costs_the_note_not_the_report() {
    let package = Package::new();
    fs::write(
        package.0.path().join("ssot-regressions"),
        "a file where the folder belongs",
    )
    .unwrap();
    let said = package.fails(&[]);
    assert!(
        said.contains("context-leak") || said.contains("cannot be read"),
        "{said}"
    );
    assert!(said.contains("ssot-regressions"), "{said}");
}

/// Scripts panic hundreds of times while a failure is searched for and shrunk: nobody has to read that.
#[test]
fn panics_of_the_search_are_not_printed() {
    let package = Package::new();
    let (passed, said) = package.test("whoever_sits_down_finds_a_chair", &[]);
    assert!(!passed, "{said}");
    assert!(said.contains("interference: "), "{said}");
    assert!(said.contains("the chair is taken"), "{said}");
    assert!(!said.contains("panicked at"), "{said}");
    let kept = package
        .0
        .path()
        .join("ssot-regressions/desk/whoever_sits_down_finds_a_chair.txt");
    let kept = fs::read_to_string(kept).unwrap();
    let (_, inputs) = kept
        .lines()
        .last()
        .unwrap()
        .split_once('|')
        .expect("inputs are kept with the schedule");
    assert_eq!(
        inputs, r#"{"actions":[["Sit"],["Sit"]],"secrets":[["text","purse"]]}"#,
        "{said}"
    );
    let (_, again) = package.test("whoever_sits_down_finds_a_chair", &[("SSOT_SEED", "5")]);
    assert!(again.contains("after 1 execution"), "{again}");
}

/// The command that the report prints, pasted into a shell.
#[test]
fn the_command_to_replay_works_as_pasted() {
    let folder = DESK.copy();
    if folder.join("ssot-regressions").exists() {
        fs::remove_dir_all(folder.join("ssot-regressions")).unwrap();
    }
    let said = cargo(&folder)
        .args(["test", "--test", "desk", "--profile"])
        .arg(profile())
        .arg("answers_stay_with_their_user")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let (_, command) = said.split_once("how to replay it\n").expect("it says how");
    let lines: Vec<&str> = command
        .lines()
        .take_while(|line| !line.trim_start().starts_with("or in the code"))
        .collect();
    let pasted = lines
        .join("\n")
        .replace("cargo test", &format!("\"$CARGO\" test --profile {}", profile()));
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(&pasted)
        .current_dir(&folder)
        .env("CARGO", env!("CARGO"));
    shell
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_NET_OFFLINE", "true");
    without_ours(&mut shell);
    let again = shell.output().unwrap();
    let again = String::from_utf8_lossy(&[again.stdout, again.stderr].concat()).into_owned();
    assert!(again.contains("context-leak: "), "{pasted}\n{again}");
    assert!(
        again.contains("by          replay, after 1 execution"),
        "{pasted}\n{again}"
    );
}
