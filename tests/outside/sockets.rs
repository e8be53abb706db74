//! A crate outside the workspace with an axum server, HTTP and WebSocket clients, and PostgreSQL, over real sockets.

use std::env;

use crate::crates::{Crate, cargo, profile};

static SOCKETS: Crate = Crate::new("sockets", "desk");

/// Its other files beside those that every such crate has.
const OTHERS: [&str; 4] = [
    "src/desk.rs",
    "src/pool.rs",
    "tests/pool.rs",
    "benches/replays.rs",
];

fn run(args: &[&str]) -> String {
    let copy = SOCKETS.copy_with(&OTHERS);
    let mut cargo = cargo(&copy);
    cargo
        .args(["test", "--profile", &profile()])
        .args(args)
        .env("CARGO_NET_OFFLINE", "false");
    // Which server of PostgreSQL there is, and whether there has to be one, is for who runs this to say.
    if let Some(required) = env::var_os("SSOT_REQUIRE") {
        cargo.env("SSOT_REQUIRE", required);
    }
    let ran = cargo.output().unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success(), "{printed}");
    printed
}

#[test]
fn leaks_over_loopback_are_found_and_replayed() {
    let printed = run(&["--test", "desk"]);
    assert!(printed.contains("3 passed"), "{printed}");
}

#[test]
fn a_connection_to_postgres_that_users_share_is_found() {
    let printed = run(&["--test", "pool", "--", "--nocapture"]);
    assert!(printed.contains("1 passed"), "{printed}");
    if !printed.contains("ssot: skipped") {
        let printed = run(&["--bench", "replays", "--", "0", "200"]);
        assert!(printed.contains(" of 200 divergent"), "{printed}");
    }
}

#[test]
fn no_replay_over_loopback_comes_to_something_else() {
    let printed = run(&["--bench", "replays", "--", "100", "0"]);
    assert_eq!(printed.matches(": 0 of 100 divergent").count(), 6, "{printed}");
}
