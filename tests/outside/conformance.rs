//! A crate outside the workspace checks the promises of its own factory, with one adapter and one line.

use crate::crates::{Crate, cargo, profile};

static CONFORMANCE: Crate = Crate::new("conformance", "desks");

#[test]
fn the_promises_of_a_users_own_factory_are_tests() {
    let ran = cargo(&CONFORMANCE.copy())
        .args(["test", "--test", "desks", "--profile"])
        .arg(profile())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success(), "{printed}");
    assert!(printed.contains("test desks::users_isolated ... ok"), "{printed}");
    assert!(printed.contains("20 passed"), "{printed}");
    assert!(!printed.contains("warning: unused"), "{printed}");
}
