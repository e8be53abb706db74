//! How red tests turn green, and how not.

use std::fs;
use std::process::Command;

use crate::ledger::Stage::Red;
use crate::projects::{Project, Ran, snapshot, test};

/// Three tests that are red, and pass by now.
fn three(name: &str) -> Project {
    let project = Project::package(name);
    let krate = name.replace('-', "_");
    project.write(
        "tests/desk.rs",
        &["ales", "beds", "cans"].map(|what| test(&krate, what)).concat(),
    );
    let revision = project.commit("add tests");
    let ledger = project.ledger();
    for what in ["ales", "beds", "cans"] {
        ledger.record(&format!("{what}_are_not_shared"), Red, &revision);
        project.write(&format!("served/{what}"), "fine");
    }
    project.commit("fix");
    project
}

fn greens(project: &Project) -> Vec<&'static str> {
    ["ales", "beds", "cans"]
        .into_iter()
        .filter(|what| {
            project
                .read(&format!("fail-first/desk/{what}_are_not_shared.toml"))
                .contains("[green]")
        })
        .collect()
}

#[test]
fn a_person_is_asked_for_each_test() {
    let project = three("accept-asks");
    let ran = project.ssot_told(&["accept", "--interactive"], "n\nwhat?\nY\nquit\n");
    assert_eq!(greens(&project), ["beds"]);
    snapshot("accept_interactive", &ran.shown(&project));

    let ran = project.ssot_told(&["accept", "-i", "ales"], "");
    assert_eq!(
        (ran.code, greens(&project)),
        (1, vec!["beds"]),
        "the end of the input is no yes"
    );

    let ran = project.ssot(&["accept", "--interactive", "--json"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn a_filter_says_which_tests_turn_green() {
    let project = three("accept-filter");
    let mut under_ci = project.command(&["accept"]);
    let ran = Ran::of(under_ci.env("CI", "true"));
    assert_eq!(
        (ran.code, &*ran.err),
        (
            2,
            "error: nothing is accepted where CI is set; accept where somebody has seen the fix, and commit the ledger; \
             `cargo ssot gate` is for CI\n"
        )
    );
    assert!(greens(&project).is_empty());

    let (code, told) = project.json(&["accept", "desk::ales"]);
    assert_eq!((code, greens(&project)), (0, vec!["ales"]));
    assert_eq!(told["accepted"][0]["test"], "ales_are_not_shared");
    assert_eq!(told["left"], serde_json::json!([]));

    project.remove("served/beds");
    let ran = project.ssot(&["accept"]);
    assert_eq!(
        (ran.code, greens(&project)),
        (0, vec!["ales", "cans"]),
        "a red test may stay red"
    );
    let ran = project.ssot(&["accept", "beds"]);
    assert_eq!(
        (ran.code, greens(&project)),
        (1, vec!["ales", "cans"]),
        "it was asked for by name"
    );
    assert!(ran.out.contains("its fault is still there"), "{}", ran.out);
}

/// What is written of the first test has the work tree changed; the others passed at the same revision.
#[test]
fn all_tests_of_a_call_pass_at_one_revision() {
    let project = three("accept-revision");
    project.git(&["checkout", "--quiet", "--detach"]);
    let head = project.git(&["rev-parse", "HEAD"]);
    assert_eq!(project.ssot(&["accept"]).code, 0);
    for what in ["ales", "beds", "cans"] {
        let ledger = project.read(&format!("fail-first/desk/{what}_are_not_shared.toml"));
        assert!(
            ledger.contains(&format!("[green]\nrevision = \"{head}\"\n")),
            "{ledger}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_is_told_and_nothing_is_lost() {
    use std::os::unix::fs::PermissionsExt as _;

    let project = three("accept-unwritable");
    let file = "fail-first/desk/ales_are_not_shared.toml";
    let before = project.read(file);
    let unharmed = |ran: &Ran, reason: &str| {
        assert_eq!(ran.code, 4, "{}{}", ran.out, ran.err);
        assert!(
            ran.out.contains(&format!("{file}: cannot be written: {reason}")),
            "{}",
            ran.out
        );
        assert_eq!(project.read(file), before);
        let files = fs::read_dir(project.path().join("fail-first/desk")).unwrap();
        assert_eq!(files.count(), 3, "no draft is left");
    };

    let folder = project.path().join("fail-first/desk");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    // Nothing is forbidden to root, unless it forgoes that.
    let mut read_only = Command::new("setpriv");
    read_only.args(["--bounding-set=-dac_override", "--"]);
    let ran = Ran::of(&mut through(read_only, &project));
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    unharmed(&ran, "Permission denied");

    // A disk without room for more than a record of a test.
    let mut full = Command::new("sh");
    full.args(["-c", "trap '' XFSZ; exec prlimit --fsize=450 -- \"$@\"", "sh"]);
    let ran = Ran::of(&mut through(full, &project));
    unharmed(&ran, "File too large");

    assert_eq!(project.ssot(&["accept"]).code, 0);
}

/// `cargo ssot accept`, called by another command.
#[cfg(target_os = "linux")]
fn through(mut outer: Command, project: &Project) -> Command {
    let inner = project.command(&["accept"]);
    outer
        .arg(inner.get_program())
        .args(inner.get_args())
        .current_dir(project.path());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    outer
}
