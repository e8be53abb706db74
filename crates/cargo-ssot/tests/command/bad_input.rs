//! What the command cannot work with: it says what is wrong and what to do, and ends accordingly.

use std::process::Command;

use tempfile::TempDir;

use crate::ledger::Stage::Red;
use crate::projects::{Project, Ran, clean, manifest, test};

#[track_caller]
fn is_refused(ran: &Ran, code: i32, said: &str) {
    assert_eq!(
        (ran.code, ran.err.lines().last().unwrap_or_default(), &*ran.out),
        (code, said, ""),
        "{}",
        ran.err
    );
}

#[test]
fn no_cargo_project() {
    let folder = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-ssot"));
    command.args(["ssot", "status"]).current_dir(folder.path());
    clean(&mut command);
    let here = folder.path().canonicalize().unwrap();
    is_refused(
        &Ran::of(&mut command),
        2,
        &format!(
            "error: there is no Cargo.toml in {} or in any folder above it; go to a cargo project, or name one with \
             --manifest-path",
            here.display()
        ),
    );
    is_refused(
        &Ran::of(command.args(["--manifest-path", "shop/Cargo.toml"])),
        2,
        "error: there is no file shop/Cargo.toml; name a Cargo.toml with --manifest-path",
    );
}

#[test]
fn a_manifest_that_cargo_cannot_read() {
    let project = Project::empty();
    project.write("Cargo.toml", "[package\n");
    let ran = project.ssot(&["gate"]);
    is_refused(
        &ran,
        3,
        "error: cargo cannot read the project; see that `cargo metadata` works",
    );
    assert!(
        ran.err.contains("Cargo.toml:1"),
        "what cargo says is shown: {}",
        ran.err
    );
    let (code, error) = project.json(&["gate"]);
    assert_eq!((code, &error["error"]["kind"]), (3, &"cargo".into()));
    assert_eq!(project.ssot(&["gate", "--bisect"]).code, 125, "bisect skips it");
}

#[test]
fn a_package_that_there_is_not_or_that_has_no_harness() {
    let project = Project::package("bad-package");
    is_refused(
        &project.ssot(&["status", "--package", "store"]),
        2,
        "error: there is no package `store` here; there is bad-package",
    );
    project.write(
        "Cargo.toml",
        manifest("bad-package").split("ssot-harness").next().unwrap(),
    );
    is_refused(
        &project.ssot(&["status"]),
        2,
        "error: no package here depends on ssot-harness; add it to [dev-dependencies], and see `cargo ssot init`",
    );
    is_refused(
        &project.ssot(&["status", "-p", "bad-package"]),
        2,
        "error: bad-package does not depend on ssot-harness; add it to [dev-dependencies], and see `cargo ssot init`",
    );
}

#[test]
fn tools_that_cannot_be_started_or_fail() {
    let project = Project::package("bad-tools");
    project.write("tests/desk.rs", &test("bad_tools", "bills"));
    let mut without_cargo = project.command(&["status"]);
    let ran = Ran::of(without_cargo.env("CARGO", project.path().join("nowhere")));
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(
        ran.err.contains("error: cargo cannot read the project"),
        "{}",
        ran.err
    );

    let revision = project.commit("all");
    project.ledger().record("bills_are_not_shared", Red, &revision);
    let script = format!(
        "#!/bin/sh\ncase \"$1\" in nextest) echo 'error: no such command: `nextest`' >&2; exit 101;; esac\nexec '{}' \"$@\"\n",
        env!("CARGO")
    );
    project.write("cargo", &script);
    let made = Command::new("chmod")
        .arg("+x")
        .arg(project.path().join("cargo"))
        .status();
    assert!(made.unwrap().success());
    let mut without_nextest = project.command(&["gate", "--runner", "nextest"]);
    let ran = Ran::of(without_nextest.env("CARGO", project.path().join("cargo")));
    is_refused(
        &ran,
        3,
        "error: cargo nextest could not run the tests; see that it works by itself, or install it, `cargo install \
         cargo-nextest --locked`, and call this again",
    );
    assert!(ran.err.contains("no such command: `nextest`"), "{}", ran.err);
}

#[test]
fn nothing_that_is_meant() {
    let project = Project::package("bad-filter");
    project.write("tests/desk.rs", "#[test]\nfn plain() {}\n");
    is_refused(
        &project.ssot(&["status"]),
        2,
        "error: there is no fail-first test among those that were built; declare one, \
         #[ssot_harness::test(fail_first(issue = \"…\", expect = \"…\"))], or name the features that those need which there \
         are: --features",
    );
    assert_eq!(project.ssot(&["gate", "--bisect"]).code, 125, "bisect skips it");

    project.write(
        "tests/desk.rs",
        &(test("bad_filter", "bills") + &test("bad_filter", "cards")),
    );
    is_refused(
        &project.ssot(&["gate", "crads", "bilsl"]),
        2,
        "error: no fail-first test has `crads` or `bilsl` in its path; there is bills_are_not_shared, cards_are_not_shared",
    );

    project.write("tests/desk.rs", "fn broken( {}\n");
    let ran = project.ssot(&["gate"]);
    is_refused(
        &ran,
        3,
        "error: the tests cannot be built; see that `cargo build --tests` works, and call this again",
    );
    assert!(
        ran.err.contains("--> tests/desk.rs:"),
        "what the compiler says is shown: {}",
        ran.err
    );
}

#[test]
fn without_a_git_repository_no_age_is_known_and_the_rest_works() {
    let project = Project::package("bad-git");
    project.write("tests/desk.rs", &test("bad_git", "bills"));
    std::fs::remove_dir_all(project.path().join(".git")).unwrap();
    project.ledger().record(
        "bills_are_not_shared",
        Red,
        "0123456789012345678901234567890123456789",
    );
    let ran = project.ssot(&["status"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("  unknown age"), "{}", ran.out);
    assert!(
        ran.err.contains("ssot: how old states are is not known: ")
            && ran.err.contains("is in no git repository"),
        "{}",
        ran.err
    );
    project.write("served/bills", "fine");
    assert_eq!(project.ssot(&["accept"]).code, 0);
    let ledger = project.read("fail-first/desk/bills_are_not_shared.toml");
    assert!(ledger.ends_with("[green]\nseen = \"run\"\n"), "{ledger}");
}
