//! A crate outside the workspace checks the promises of its own factory, with one adapter and one line.

use crate::crates::{Crate, cargo, profile};

use std::fs;
use std::path::Path;

static CONFORMANCE: Crate = Crate::new("conformance", "desks");

#[test]
fn the_promises_of_a_users_own_factory_are_tests() {
    let folder = CONFORMANCE.copy();
    let kept = folder.join("ssot-regressions");
    if kept.exists() {
        fs::remove_dir_all(&kept).unwrap();
    }
    let (is_kept, printed) = run(&folder, &[], "");
    assert!(is_kept, "{printed}");
    assert!(printed.contains("test desks::users_isolated ... ok"), "{printed}");
    assert!(printed.contains("20 passed"), "{printed}");
    assert!(!printed.contains("warning: unused"), "{printed}");
    assert!(!kept.exists());

    // A promise that is broken is kept, and tried first the next time, whatever the seed.
    let (is_kept, printed) = run(&folder, &[("FORGETFUL_DESKS", "1")], "desks::users_isolated");
    assert!(
        !is_kept && printed.contains("kept in ssot-regressions/desks/desks/users_isolated.txt"),
        "{printed}"
    );
    assert!(kept.join("desks/desks/users_isolated.txt").exists());
    let again = [("FORGETFUL_DESKS", "1"), ("SSOT_SEED", "77")];
    let (is_kept, printed) = run(&folder, &again, "desks::users_isolated");
    assert!(
        !is_kept && printed.contains("line 3 of ssot-regressions/desks/desks/users_isolated.txt"),
        "{printed}"
    );
    let (is_kept, printed) = run(&folder, &[], "desks::users_isolated");
    assert!(is_kept, "{printed}");
}

/// Whether the tests passed, and what they printed.
fn run(folder: &Path, environment: &[(&str, &str)], filter: &str) -> (bool, String) {
    let ran = cargo(folder)
        .args(["test", "--test", "desks", "--profile"])
        .arg(profile())
        .arg(filter)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    (ran.status.success(), printed)
}
