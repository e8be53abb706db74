//! A crate outside the workspace has clients for an axum application, for gRPC, and for servers that are no services.

use crate::crates::{Crate, cargo, profile};

static SHOP: Crate = Crate::new("axum_app", "shop");
static TRANSPORTS: Crate = Crate::new("axum_app", "transports");

/// The most lines that a check of login, API and WebSocket takes.
const MOST: usize = 25;

#[test]
fn applications_in_memory_are_checked() {
    let folder = SHOP.copy();
    assert_eq!(TRANSPORTS.copy(), folder);
    let ran = cargo(&folder)
        .args(["test", "--tests", "--profile"])
        .arg(profile())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success(), "{printed}");
    assert!(
        printed.contains("16 passed") && printed.contains("7 passed"),
        "{printed}"
    );
    assert!(!printed.contains("warning: "), "{printed}");
}

#[test]
fn a_check_of_an_application_is_short() {
    let test = std::fs::read_to_string(SHOP.copy().join("tests/shop.rs")).unwrap();
    let check = test.split_once("fn check(").unwrap().1;
    let lines = check.split_once("\n}\n").unwrap().0.lines().count() + 1;
    assert!(lines <= MOST, "{lines} lines: {check}");
}
