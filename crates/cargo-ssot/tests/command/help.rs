//! What the command says of itself.

use std::path::Path;
use std::process::Command;
use std::{env, iter};

use crate::projects::{Project, Ran, clean, snapshot};

#[test]
fn help_reads_well() {
    let project = Project::empty();
    for (name, arguments) in [
        ("help", vec!["--help"]),
        ("help_status", vec!["status", "--help"]),
        ("help_accept", vec!["accept", "--help"]),
        ("help_prove", vec!["prove", "--help"]),
        ("help_gate", vec!["gate", "--help"]),
        ("help_audit", vec!["audit", "--help"]),
        ("help_init", vec!["init", "--help"]),
    ] {
        let Ran { code, out, err } = project.ssot(&arguments);
        assert_eq!((code, &*err), (0, ""));
        snapshot(name, &out);
    }
}

/// Cargo looks for its subcommands in `PATH`.
#[test]
fn cargo_hands_on_to_it() {
    let project = Project::empty();
    let here = Path::new(env!("CARGO_BIN_EXE_cargo-ssot")).parent().unwrap();
    let path = env::var_os("PATH").unwrap();
    let path = env::join_paths(iter::once(here.to_owned()).chain(env::split_paths(&path)));
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["ssot", "--help"]).current_dir(project.path());
    clean(&mut cargo);
    let ran = Ran::of(cargo.env("PATH", path.unwrap()));
    assert!(
        ran.out.contains("Usage: cargo ssot <COMMAND>"),
        "{}{}",
        ran.out,
        ran.err
    );
}

#[test]
fn a_call_that_cannot_be_understood_is_told_how_to_call() {
    let project = Project::empty();
    for (arguments, said) in [
        (vec![], "Usage: cargo ssot <COMMAND>"),
        (vec!["statuss"], "a similar subcommand exists: 'status'"),
        (
            vec!["status", "--runner", "make"],
            "[possible values: cargo, nextest]",
        ),
    ] {
        let ran = project.ssot(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
    }
}
