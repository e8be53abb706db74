//! Migrations in small steps: git calls the gate for each, and stops at the one that broke.

use crate::ledger::Stage::Green;
use crate::projects::{Project, test};

/// A history whose fourth step brings a fault back, after one that does not compile.
fn history(name: &str, with_gap: bool) -> (Project, String) {
    let project = Project::package(name);
    project.write("tests/desk.rs", &test(&name.replace('-', "_"), "bills"));
    project.write("served/bills", "fine");
    let first = project.commit("add a test");
    project.ledger().record("bills_are_not_shared", Green, &first);
    project.commit("record it");
    project.write("notes", "2");
    project.commit("step 2");
    if with_gap {
        let sound = project.read("src/lib.rs");
        project.write("src/lib.rs", &format!("{sound}\nfn broken( {{}}\n"));
        project.commit("step 3 does not compile");
        project.write("src/lib.rs", &sound);
        project.commit("step 3 compiles");
    }
    project.remove("served/bills");
    let broke = project.commit("step 4 brings the fault back");
    project.write("notes", "5");
    project.commit("step 5");
    (project, broke)
}

#[test]
fn a_rebase_stops_at_the_step_that_broke() {
    let (project, broke) = history("steps-rebase", false);
    let gate = format!("'{}' ssot gate --quiet", env!("CARGO_BIN_EXE_cargo-ssot"));
    let rebase = project
        .git_command()
        .args(["rebase", "--exec", &gate, "HEAD~3"])
        .output();
    let rebase = rebase.unwrap();
    assert!(!rebase.status.success());
    assert_eq!(project.git(&["rev-parse", "HEAD"]), broke);
    let said = String::from_utf8_lossy(&rebase.stdout).into_owned();
    assert!(said.contains("the fault of shop#12 is back"), "{said}");
}

#[test]
fn a_bisection_skips_what_cannot_be_judged() {
    let (project, broke) = history("steps-bisect", true);
    project.git(&["bisect", "start", "HEAD", "HEAD~5"]);
    let said = project.git(&[
        "bisect",
        "run",
        env!("CARGO_BIN_EXE_cargo-ssot"),
        "ssot",
        "gate",
        "--bisect",
        "--quiet",
    ]);
    assert!(
        said.contains(&format!("{broke} is the first bad commit")),
        "{said}"
    );
    assert!(
        said.contains("bisect found first bad commit") || said.contains("bisect run success"),
        "{said}"
    );
}
