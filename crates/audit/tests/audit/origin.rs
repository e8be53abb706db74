//! A workspace after the system that this crate comes from: half a consolidation, and its end in nine commits.
//!
//! `fixtures/audit/origin/before` is the workspace with a deprecated engine that still holds code, a consolidated one beside it, two
//! supervisors of one name, seven factories, two emitters, and callers that import past the canonical path. Each of the folders
//! `1` to `9` holds what one commit of the migration writes; a file `removed` in it lists what it removes.

use std::fs;
use std::path::{Path, PathBuf};

use ssot_audit::{Mode, Report, Rule};

use crate::workspaces::{Written, snapshot};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/audit/origin")
}

/// Writes what a folder of the fixture holds.
fn apply(written: &Written, folder: &Path) {
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("it is in the folder");
            if name == Path::new("removed") {
                for line in fs::read_to_string(&path).expect("it can be read").lines() {
                    written.remove(line);
                }
                continue;
            }
            // Sources of the fixture are no sources of our own workspace.
            let name = name.to_str().expect("names are ASCII").trim_end_matches(".txt");
            written.write(name, fs::read(&path).expect("it can be read"));
        }
    }
}

fn before() -> Written {
    let written = Written::of("");
    apply(&written, &fixture().join("before"));
    written
}

fn report(written: &Written, mode: Mode) -> Report {
    written.audit().configured().mode(mode).run().expect("it runs")
}

/// What a report is about, by rule and place.
fn lines(report: &Report) -> String {
    let mut lines: Vec<String> = report
        .failing()
        .map(|finding| format!("{} {} -> {}", finding.rule, finding.place, finding.target))
        .collect();
    lines.push(String::new());
    lines.join("\n")
}

#[test]
fn before_the_migration_every_violation_is_found() {
    let report = report(&before(), Mode::reading(false));
    assert_eq!(report.statistics.unread, Vec::<String>::new());
    assert_eq!(report.statistics.unresolved, 0);
    snapshot("origin_before", &lines(&report));
    // The rows of the catalogue that only the sources show.
    for name in ["duplicate-definition", "code-in-redirect", "bypassed-path"] {
        let rule = Rule::parse(name).expect("it is a rule");
        assert!(report.failing().any(|finding| finding.rule == rule), "{name}");
    }
}

#[test]
fn with_each_commit_the_baseline_shrinks_until_it_is_empty() {
    let written = before();
    let mut mode = Mode::default();
    mode.allow_growth = Some("before the migration".to_owned());
    let mut left = report(&written, mode).baseline.expect("it is written").new;
    let mut shrunk = vec![left];
    for commit in 1..=9 {
        apply(&written, &fixture().join(commit.to_string()));
        let checked = report(&written, Mode::reading(false));
        let new: Vec<&str> = checked
            .failing()
            .filter(|finding| finding.rule != Rule::Gone)
            .map(|finding| &*finding.message)
            .collect();
        assert_eq!(new, Vec::<&str>::new(), "commit {commit}");
        let gone = checked.baseline.expect("there is one").gone;
        assert!(gone > 0, "commit {commit} settles something");
        let mut mode = Mode::default();
        mode.tighten = true;
        assert!(!report(&written, mode).fails());
        left -= gone;
        shrunk.push(left);
        assert!(!report(&written, Mode::reading(true)).fails(), "commit {commit}");
    }
    assert_eq!(left, 0, "{shrunk:?}");
    let entries = written.read("ssot.lock");
    assert!(entries.lines().all(|line| line.starts_with('#')), "{entries}");
    let after = report(&written, Mode::reading(true));
    assert_eq!(after.findings, []);
    snapshot("origin_counts", &format!("{shrunk:?}"));
}

#[test]
fn a_commit_that_is_reverted_is_noticed() {
    let written = before();
    let mut mode = Mode::default();
    mode.allow_growth = Some("before the migration".to_owned());
    drop(report(&written, mode));
    apply(&written, &fixture().join("1"));
    let mut mode = Mode::default();
    mode.tighten = true;
    drop(report(&written, mode));
    // As a merge did it, two hours later.
    apply(&written, &fixture().join("before"));
    assert!(report(&written, Mode::reading(true)).fails());
}

#[test]
fn discover_finds_the_half_finished_consolidation_without_a_configuration() {
    let found = ssot_audit::discover(before().path(), 20, true).expect("it runs");
    let pairs: Vec<String> = found
        .pairs
        .iter()
        .map(|pair| format!("{} {} <-> {}", pair.class, pair.old, pair.new))
        .collect();
    snapshot("origin_discovered", &(pairs.join("\n") + "\n"));
}
