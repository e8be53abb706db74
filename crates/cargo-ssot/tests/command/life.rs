//! A fail-first test from its first run to its regression.

#[cfg(target_os = "linux")]
use std::process::Command;

use crate::projects::{Project, snapshot, test};
#[cfg(target_os = "linux")]
use crate::projects::{Ran, clean};

#[test]
fn a_test_goes_from_unknown_to_red_to_green_and_back() {
    let project = Project::package("life-shop");
    project.write("tests/desk.rs", &test("life_shop", "histories"));
    project.commit("add a test");
    let verdict = |arguments: &[&str]| project.verdicts(arguments).remove(0).1;

    assert_eq!(verdict(&["status"]), "unproven");
    assert_eq!(verdict(&["gate"]), "unproven");
    assert!(
        !project.path().join("fail-first").exists(),
        "the command records nothing by itself"
    );

    let ran = project.cargo_test();
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let shown = project.ssot(&["status"]);
    snapshot("status_red", &shown.shown(&project));
    assert_eq!(verdict(&["gate"]), "red");
    assert_eq!(project.ssot(&["gate"]).code, 0);

    project.write("served/histories", "fine");
    project.commit("fix it");
    assert_eq!(verdict(&["status"]), "red", "nothing was run");
    assert_eq!(verdict(&["status", "--run"]), "to-accept");
    let shown = project.ssot(&["gate"]);
    snapshot("gate_to_accept", &shown.shown(&project));

    let shown = project.ssot(&["accept"]);
    snapshot("accept", &shown.shown(&project));
    let ledger = project.read("fail-first/desk/histories_are_not_shared.toml");
    let head = project.git(&["rev-parse", "HEAD"]);
    assert!(
        ledger.contains(&format!("[green]\nrevision = \"{head}\"\nseen = \"run\"")),
        "{ledger}"
    );
    assert_eq!(project.ssot(&["gate"]).code, 0);
    assert_eq!(project.cargo_test().code, 0);

    project.remove("served/histories");
    let shown = project.ssot(&["gate"]);
    snapshot("gate_regressed", &shown.shown(&project));

    #[cfg(target_os = "linux")]
    on_a_terminal(&project);
}

/// There it shows a spinner, which is gone at the end, and colours.
#[cfg(target_os = "linux")]
fn on_a_terminal(project: &Project) {
    let mut terminal = Command::new("script");
    let call = format!("'{}' ssot status", env!("CARGO_BIN_EXE_cargo-ssot"));
    terminal.args(["--quiet", "--return", "--command", &call, "/dev/null"]);
    terminal.current_dir(project.path());
    clean(&mut terminal);
    let shown = Ran::of(terminal.env("TERM", "xterm")).out;
    assert!(shown.contains("building the tests of life-shop"), "{shown:?}");
    assert!(!shown.contains("ssot: building"), "{shown:?}");
    assert!(shown.contains("\u{1b}[32mgreen"), "{shown:?}");
}
