//! A fail-first test from its first run to its regression.

use crate::projects::{Project, snapshot, test};

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
}
