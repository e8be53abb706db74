//! A crate outside the workspace checks the stream of its agent against a protocol, and keeps snapshots of it.

use std::fs;
use std::path::Path;

use crate::crates::{Crate, cargo, profile};

static AGENT: Crate = Crate::new("agent", "agent");

const SNAPSHOT: &str = "tests/snapshots/agent__the_events_of_a_run_are_kept.snap";

#[test]
fn protocols_and_event_snapshots_work_for_a_user() {
    let copy = AGENT.copy();
    let kept = copy.join(SNAPSHOT);
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/agent")
        .join(SNAPSHOT);
    let snapshot = fs::read_to_string(fixture).unwrap();
    fs::create_dir_all(kept.parent().unwrap()).unwrap();
    fs::write(&kept, &snapshot).unwrap();
    let run = |update: &str| {
        let mut cargo = cargo(&copy);
        cargo
            .args(["test", "--test", "agent", "--profile"])
            .arg(profile());
        let ran = cargo
            .env("INSTA_UPDATE", update)
            .env_remove("CI")
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
        (ran.status.success(), printed)
    };
    let (passed, printed) = run("no");
    assert!(passed && printed.contains("3 passed"), "{printed}");
    // A snapshot that differs is left where `cargo insta review` looks for it.
    fs::write(&kept, snapshot.replace("TOOL_CALL_END", "TOOL_CALL_RESULT")).unwrap();
    let (passed, printed) = run("new");
    assert!(!passed && printed.contains("2 passed"), "{printed}");
    let left = kept.with_extension("snap.new");
    let new = fs::read_to_string(&left).unwrap();
    assert!(new.contains("TOOL_CALL_END"), "{new}");
    assert!(
        new.contains("source: tests/agent.rs") && new.contains("assertion_line: "),
        "{new}"
    );
    fs::remove_file(left).unwrap();
}
