//! A crate outside the workspace has clients for an axum application, for gRPC, and for servers that are no services.

use crate::crates::{Crate, cargo, profile};

static SHOP: Crate = Crate::new("axum_app", "shop");
static TRANSPORTS: Crate = Crate::new("axum_app", "transports");

static UNANSWERED: Crate = Crate::new("axum_app", "unanswered");
static FIRST: Crate = Crate::new("axum_app", "first");

/// The most lines that a test of login, API and WebSocket takes, which finds a leak.
const MOST: usize = 25;

#[test]
fn applications_in_memory_are_checked() {
    let folder = SHOP.copy();
    assert_eq!(
        [TRANSPORTS.copy(), UNANSWERED.copy(), FIRST.copy()],
        [folder.clone(), folder.clone(), folder.clone()]
    );
    let ran = cargo(&folder)
        .args(["test", "--tests", "--profile"])
        .arg(profile())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success(), "{printed}");
    assert!(
        ["16 passed", "9 passed", "ok. 1 passed"]
            .iter()
            .all(|passed| printed.contains(passed)),
        "{printed}"
    );
    assert!(!printed.contains("warning: "), "{printed}");
}

#[test]
fn a_test_of_an_application_is_short() {
    let folder = FIRST.copy();
    let test = std::fs::read_to_string(folder.join("tests/first.rs")).unwrap();
    for part in ["/login", ".json(", "websocket(", "Kind::ContextLeak"] {
        assert!(test.contains(part), "{part} is part of it");
    }
    let lines = test.lines().count();
    assert!(lines <= MOST, "{lines} lines: {test}");
}

#[test]
fn what_nothing_was_prepared_for_fails_its_test() {
    let folder = SHOP.copy();
    UNANSWERED.copy();
    let ran = cargo(&folder)
        .args(["test", "--test", "unanswered", "--profile"])
        .arg(profile())
        .args(["--", "--ignored"])
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(printed.contains("0 passed; 2 failed"), "{printed}");
    // Reports are wrapped at the width of a terminal.
    let words = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "the nearest is the weather: \"weather\" does not stand in the request",
        "no mock is for GET /news with the body \"\"; the nearest is the rates, where this does not hold: PathExactMatcher",
    ] {
        assert!(words.contains(said), "{said}: {printed}");
    }
}
