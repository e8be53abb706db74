//! A report names the test that failed, and its command runs this test and no other, in whatever target and under whatever runner.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use crate::crates::{cargo, profile, target, without_ours};
use crate::runners::Runner;

/// Each test, with the options that select its target.
const TESTS: [(&str, &str); 9] = [
    ("directly", "--test till-roll"),
    ("from_another_crate", "--test till-roll"),
    ("shop::by_card", "--test till-roll"),
    ("shop::by_case::case_1", "--test till-roll"),
    ("shop::by_case::case_2_named", "--test till-roll"),
    ("shop::by_note", "--test till-roll"),
    ("shop::by_the_attribute", "--test till-roll"),
    ("tests::in_the_example", "--example guided-tour"),
    ("tests::in_the_library", "--lib"),
];
/// Under nextest it is known that this is no test of the library, whose crate is called alike.
const IN_THE_PROGRAM: (&str, &str) = ("tests::in_the_program", "--lib --bin naming");

/// The tests of this file write to one folder.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn copied() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("naming");
    for file in [
        "Cargo.toml",
        "src/lib.rs",
        "src/main.rs",
        "examples/tour.rs",
        "tests/till-roll.rs",
        "support/Cargo.toml",
        "support/src/lib.rs",
    ] {
        let content = fs::read_to_string(root.join("fixtures/naming").join(file)).unwrap();
        let content = content
            .replace("path = \"../../..\"", &format!("path = '{}'", root.display()))
            .replace("path = \"../..\"", &format!("path = '{}'", root.display()));
        write_where_it_differs(&folder.join(file), &content);
    }
    if !folder.join("Cargo.lock").exists() {
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    }
    let kept = folder.join("ssot-regressions");
    if kept.exists() {
        fs::remove_dir_all(kept).unwrap();
    }
    folder
}

fn write_where_it_differs(path: &Path, content: &str) {
    if fs::read_to_string(path).is_ok_and(|known| known == content) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn said(output: Output) -> String {
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

/// Runs all tests, and gives what was printed.
fn run(folder: &Path, runner: Runner) -> String {
    let mut command = cargo(folder);
    match runner {
        Runner::Nextest => command.args([
            "nextest",
            "run",
            "--no-fail-fast",
            "--color=never",
            "--cargo-profile",
        ]),
        Runner::Threads | Runner::OneThread => {
            command.args(["test", "--no-fail-fast", "--all-targets", "--profile"])
        }
    };
    command.arg(profile());
    if runner == Runner::Nextest {
        command.arg("--all-targets");
    }
    if runner == Runner::OneThread {
        command.args(["--", "--test-threads", "1"]);
    }
    said(command.output().unwrap())
}

/// The commands that a run printed, as they are to be pasted.
fn commands(said: &str) -> BTreeSet<String> {
    let mut commands = BTreeSet::new();
    for (at, _) in said.match_indices("SSOT_REPLAY='") {
        let lines: Vec<_> = said[at..].lines().take(2).map(str::trim).collect();
        let command = match lines[0].strip_suffix('\\') {
            Some(first) => format!("{first}{}", lines[1]),
            None => lines[0].to_owned(),
        };
        commands.insert(command);
    }
    commands
}

#[test]
fn the_command_of_a_report_runs_the_test_that_failed_and_no_other() {
    let _one = ONE_AT_A_TIME
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let expected: BTreeMap<&str, &str> = TESTS.into_iter().chain([IN_THE_PROGRAM]).collect();
    let mut pasted = BTreeSet::new();
    for runner in Runner::all() {
        let folder = copied();
        let said = run(&folder, runner);
        let commands = commands(&said);
        for (test, selection) in &expected {
            let selection = match runner {
                Runner::Nextest => selection.trim_start_matches("--lib "),
                Runner::Threads | Runner::OneThread => selection,
            };
            let command = format!("cargo test -p naming {selection} {test} -- --exact --nocapture");
            assert!(
                commands.iter().any(|printed| printed.ends_with(&command)),
                "{runner:?}: `{command}` is not among {commands:#?}\n{said}"
            );
        }
        assert_eq!(commands.len(), expected.len(), "{runner:?}: {commands:#?}");
        pasted.extend(commands);
        // Each has a file of its own, and the next run begins with it.
        for (test, selection) in &expected {
            let krate = match *selection {
                "--test till-roll" => "till_roll",
                "--example guided-tour" => "guided_tour",
                _ => "naming",
            };
            let file = format!("ssot-regressions/{krate}/{}.txt", test.replace("::", "/"));
            assert!(folder.join(&file).exists(), "{runner:?}: {file}");
        }
    }
    let folder = copied();
    for command in pasted {
        let cargo = format!("\"$CARGO\" test --profile {}", profile());
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(command.replace("cargo test", &cargo))
            .current_dir(&folder);
        shell
            .env("CARGO", env!("CARGO"))
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_NET_OFFLINE", "true");
        without_ours(&mut shell);
        let output = shell.output().unwrap();
        let failed = !output.status.success();
        let said = said(output);
        assert!(failed, "{command}\n{said}");
        assert_eq!(said.matches("running 1 test\n").count(), 1, "{command}\n{said}");
        assert!(said.contains("replay, after 1 execution"), "{command}\n{said}");
        assert!(said.contains("0 passed; 1 failed"), "{command}\n{said}");
    }
}

/// Once, failures were kept after the function that the check was written in.
#[test]
fn what_was_kept_by_another_name_is_still_run_first() {
    let _one = ONE_AT_A_TIME
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let folder = copied();
    for older in ["till_roll/shop/leaks.txt", "support/leaks_through.txt"] {
        let file = folder.join("ssot-regressions").join(older);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(
            file,
            "ssot-regressions 1\n# Of a version before.\nv1:one@0:2,1,2,1\n",
        )
        .unwrap();
    }
    for (test, older) in [
        ("shop::by_note", "till_roll/shop/leaks.txt"),
        ("from_another_crate", "support/leaks_through.txt"),
    ] {
        let mut command = cargo(&folder);
        command
            .args(["test", "--test", "till-roll", "--profile"])
            .arg(profile());
        command.args([test, "--", "--exact"]);
        let said = said(command.output().unwrap());
        let found = format!("line 3 of ssot-regressions/{older}");
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(&found), "{said}");
    }
}

/// A test program with a `main` of its own is not started again to find out which tests it has: it has none that libtest knows.
#[test]
fn a_program_with_a_main_of_its_own_is_started_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own-main");
    let manifest = format!(
        "[package]\nname = \"own-main\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dev-dependencies]\nssot-harness = {{ path = '{}' }}\n\n\
         [[test]]\nname = \"own\"\nharness = false\n\n[workspace]\n",
        root.display()
    );
    write_where_it_differs(&folder.join("Cargo.toml"), &manifest);
    write_where_it_differs(&folder.join("src/lib.rs"), "//! Nothing.\n");
    let helper = fs::read_to_string(root.join("fixtures/naming/tests/till-roll.rs")).unwrap();
    let (_, helper) = helper.split_once("    fn leaks").unwrap();
    let (helper, _) = helper.split_once("    #[test]").unwrap();
    let program = format!(
        "use std::sync::Mutex;\nuse ssot_harness::prelude::*;\nfn leaks{helper}\nfn main() {{\n    let starts = std::env::var(\"STARTS\").unwrap();\n    \
         let text = std::fs::read_to_string(&starts).unwrap_or_default();\n    std::fs::write(&starts, text + \"started\\n\").unwrap();\n    \
         std::thread::Builder::new().name(\"worker\".into()).spawn(|| leaks(\"card\").unwrap_err()).unwrap().join().unwrap();\n}}\n"
    );
    write_where_it_differs(&folder.join("tests/own.rs"), &program);
    if !folder.join("Cargo.lock").exists() {
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    }
    let starts = folder.join("starts");
    if starts.exists() {
        fs::remove_file(&starts).unwrap();
    }
    let mut command = cargo(&folder);
    command
        .args(["test", "--test", "own", "--profile"])
        .arg(profile())
        .env("STARTS", &starts);
    let output = command.output().unwrap();
    let passed = output.status.success();
    assert!(passed, "{}", said(output));
    assert_eq!(fs::read_to_string(starts).unwrap(), "started\n");
}
