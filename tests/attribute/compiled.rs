//! What is no test, and what the compiler says of it when it compiles tests.
//!
//! `trybuild` compiles programs, in which there are no tests: what a test's types, its constants and the attributes
//! above it are is then never asked.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

/// A copy of the crate, in a place where its lock file may be written.
fn copy_of_the_crate() -> std::path::PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("refused");
    let mut files: Vec<_> = ["kinds", "types", "test_above", "cases_between"]
        .map(|test| format!("tests/{test}.rs"))
        .into();
    files.extend(["Cargo.toml", "src/lib.rs"].map(str::to_owned));
    for file in files {
        let text = fs::read_to_string(root.join("fixtures/refused").join(&file)).unwrap();
        let text = text.replace("path = \"../..\"", &format!("path = '{}'", root.display()));
        let to = folder.join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

/// What the compiler says of the tests in `tests/<test>.rs`.
fn said_of(test: &str) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let checked = Command::new(env!("CARGO"))
        .current_dir(copy_of_the_crate())
        // Beside our own dependencies, most of which are the crate's too.
        .env(
            "CARGO_TARGET_DIR",
            target.parent().expect("cargo puts it into the target folder"),
        )
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("RUSTFLAGS")
        .args(["check", "--message-format=json", "--test", test])
        .output()
        .unwrap();
    assert!(!checked.status.success(), "these are tests after all");
    let messages = String::from_utf8(checked.stdout).unwrap();
    let said: String = messages
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|message| message["target"]["name"] == test)
        .filter_map(|message| Some(message["message"]["rendered"].as_str()?.to_owned()))
        .collect();
    assert!(!said.is_empty(), "{}", String::from_utf8_lossy(&checked.stderr));
    said
}

macro_rules! assert_said {
    ($test:literal) => {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        // Where the harness stands, and in which line, is nobody's business here.
        settings.add_filter(r"--> /.*/(src/[a-z_/]+\.rs):\d+:\d+", "--> <harness>/$1");
        settings.bind(|| insta::assert_snapshot!(concat!("refused_", $test), said_of($test)));
    };
}

#[test]
fn what_cannot_be_taken_or_returned_is_told_at_the_type() {
    assert_said!("types");
}

#[test]
fn a_kind_of_violation_that_there_is_not_is_told_at_its_name() {
    assert_said!("kinds");
}

#[test]
fn a_test_that_another_attribute_has_made_is_told() {
    assert_said!("test_above");
}

#[test]
fn cases_that_would_be_dropped_are_told() {
    assert_said!("cases_between");
}
