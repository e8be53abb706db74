//! What is no test, and what the compiler says of it when it compiles tests.
//!
//! `trybuild` compiles programs, in which there are no tests: what a test's types, its constants and the attributes
//! above it are is then never asked.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fmt, fs};

use serde::Deserialize;

/// A copy of the crate with one of its tests, in a place where its lock file may be written and no other test writes.
fn copy_of_the_crate(test: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("refused").join(test);
    for file in ["Cargo.toml", "src/lib.rs", &format!("tests/{test}.rs")] {
        let content = fs::read_to_string(root.join("fixtures/refused").join(file)).unwrap();
        let content = content.replace("path = \"../..\"", &format!("path = '{}'", root.display()));
        let to = folder.join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, content).unwrap();
    }
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

/// What the compiler says of the tests in `tests/<test>.rs`.
fn said_of(test: &str) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let checked = Command::new(env!("CARGO"))
        .current_dir(copy_of_the_crate(test))
        // Beside our own dependencies, most of which are the crate's too.
        .env(
            "CARGO_TARGET_DIR",
            target.parent().expect("cargo puts it into the target folder"),
        )
        .env("CARGO_NET_OFFLINE", "true")
        .args(["check", "--message-format=json", "--test", test])
        .output()
        .unwrap();
    assert!(!checked.status.success(), "these are tests after all");
    let messages = String::from_utf8(checked.stdout).unwrap();
    let said: String = messages
        .lines()
        .map(|line| serde_json::from_str::<Message>(line).unwrap())
        .filter(|message| message.target.name == test)
        .filter_map(|message| message.message)
        .map(|diagnostic| diagnostic.to_string())
        .collect();
    assert!(!said.is_empty(), "{}", String::from_utf8_lossy(&checked.stderr));
    said
}

/// What cargo says in a line; what else it says has other fields.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    target: Target,
    message: Option<Diagnostic>,
}

#[derive(Default, Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    message: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    is_primary: bool,
    line_start: u32,
    label: Option<String>,
    text: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "text")]
    code: String,
    highlight_start: usize,
    highlight_end: usize,
}

/// What is said, and at which part of the source; not which lines of the harness the compiler shows beside it.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for span in self.spans.iter().filter(|span| span.is_primary) {
            let [line] = &span.text[..] else {
                panic!("the fault is on one line")
            };
            let at = &line.code[line.highlight_start - 1..line.highlight_end - 1];
            writeln!(f, "{}: {}", span.line_start, line.code)?;
            writeln!(f, "  at `{at}`: {}", self.message)?;
            if let Some(label) = &span.label {
                writeln!(f, "  {label}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

macro_rules! assert_said {
    ($test:literal) => {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(concat!("refused_", $test), said_of($test)));
    };
}

#[test]
fn what_cannot_be_taken_or_returned_is_told_at_the_type() {
    assert_said!("types");
}

#[test]
fn a_name_that_there_is_not_is_told_where_it_is_written() {
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
