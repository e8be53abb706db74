//! A crate outside the workspace judges by an oracle and by invariants of its own, and searches by a strategy of its own.

use crate::crates::{Crate, cargo, profile};

static EXTENSIONS: Crate = Crate::new("extensions", "account");

#[test]
fn oracles_invariants_and_strategies_of_a_users_own_work() {
    let ran = cargo(&EXTENSIONS.copy())
        .args(["test", "--test", "account", "--profile"])
        .arg(profile())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success(), "{printed}");
    assert!(printed.contains("7 passed"), "{printed}");
}
