//! What the command says of itself.

use crate::projects::{Project, Ran, snapshot};

#[test]
fn help_reads_well() {
    let project = Project::empty();
    for (name, arguments) in [
        ("help", vec!["--help"]),
        ("help_status", vec!["status", "--help"]),
        ("help_accept", vec!["accept", "--help"]),
        ("help_prove", vec!["prove", "--help"]),
        ("help_gate", vec!["gate", "--help"]),
        ("help_init", vec!["init", "--help"]),
    ] {
        let Ran { code, out, err } = project.ssot(&arguments);
        assert_eq!((code, &*err), (0, ""));
        snapshot(name, &out);
    }
}

#[test]
fn a_call_that_cannot_be_understood_is_told_how_to_call() {
    let project = Project::empty();
    for arguments in [vec![], vec!["stauts"], vec!["status", "--runner", "make"]] {
        let ran = project.ssot(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(
            ran.err.contains("Usage: cargo ssot") || ran.err.contains("try '--help'"),
            "{}",
            ran.err
        );
    }
}
