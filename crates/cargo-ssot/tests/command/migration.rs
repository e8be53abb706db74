//! The example of a migration: nine commits from seven factories to one, of which one breaks a promise.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::projects::{Ran, clean, workspace};

fn git(folder: &Path, arguments: &[&str]) -> Ran {
    let mut git = Command::new("git");
    git.current_dir(folder).args(arguments);
    clean(&mut git);
    Ran::of(&mut git)
}

#[test]
fn a_rebase_stops_at_the_commit_of_a_migration_that_breaks_a_promise() {
    let folder = TempDir::new().unwrap();
    let repository = folder.path().join("migration");
    let mut script = Command::new("bash");
    script
        .arg(workspace().join("examples/migration/make.sh"))
        .args([&*repository.to_string_lossy(), "7"]);
    clean(&mut script);
    let program = env!("CARGO_BIN_EXE_cargo-ssot");
    let made = Ran::of(script.env("CARGO_SSOT", program));
    assert_eq!(made.code, 0, "{}{}", made.out, made.err);
    // Nine steps after the beginning.
    assert_eq!(made.out.lines().count(), 10, "{}", made.out);

    // A shell runs it, and the path may have a space in it.
    let gate = format!("'{program}' ssot gate --quiet");
    let rebased = git(&repository, &["rebase", "--exec", &gate, "HEAD~4"]);
    assert_ne!(rebased.code, 0);
    let stopped = git(&repository, &["log", "--format=%s", "-1"]).out;
    assert_eq!(stopped.trim(), "7: alerts gets its engines from the one factory");
    let said = format!("{}{}", rebased.out, rebased.err);
    assert!(said.contains("7 fail-first tests: 5 green, 2 red"), "{said}");
    assert!(
        said.contains("regressed promises::chat_keeps_unique_instances"),
        "{said}"
    );
    assert!(said.contains("the fault of factories#chat is back"), "{said}");
}

#[test]
fn a_wrong_call_of_the_script_says_how_to_call_it() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("kept"), "mine").unwrap();
    for (arguments, said) in [
        (&[][..], "usage: make.sh FOLDER [BROKEN]"),
        (&["/nowhere", "12"], "usage: make.sh FOLDER [BROKEN]"),
        (
            &[&*folder.path().to_string_lossy()],
            "is not empty; give a new folder",
        ),
    ] {
        let mut script = Command::new("bash");
        script
            .arg(workspace().join("examples/migration/make.sh"))
            .args(arguments);
        clean(&mut script);
        let ran = Ran::of(&mut script);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.err.contains(said), "{}", ran.err);
    }
}
