//! A crate outside the workspace checks the reference system behind its gateway, in memory, over real sockets, and with every service.

use std::env;

use crate::crates::{Crate, cargo, profile};

static GATEWAY: Crate = Crate::new("golden_path", "gateway");
static SERVICES: Crate = Crate::new("golden_path", "services");
static HOSTILE: Crate = Crate::new("golden_path", "hostile");
static FAULTS: Crate = Crate::new("golden_path", "faults");

#[test]
fn the_gateway_keeps_users_apart_and_strangers_out() {
    let folder = GATEWAY.copy();
    assert_eq!(
        [
            HOSTILE.copy(),
            SERVICES.copy(),
            FAULTS.copy_with(&["tests/line/mod.rs"])
        ],
        [folder.clone(), folder.clone(), folder.clone()]
    );
    let ran = cargo(&folder)
        .args(["test", "--tests", "--profile"])
        .arg(profile())
        // What signs tokens is no dependency of this workspace's tests, and may not be there.
        .env("CARGO_NET_OFFLINE", "false")
        // Whether there has to be a database is for who runs this to say.
        .envs(env::var_os("SSOT_REQUIRE").map(|required| ("SSOT_REQUIRE", required)))
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success(), "{printed}");
    let results = printed
        .lines()
        .filter_map(|line| line.strip_prefix("test result: ok. "));
    let passed: Vec<_> = results
        .filter_map(|result| result.split_once(" passed"))
        .collect();
    let passed: Vec<_> = passed.iter().map(|(passed, _)| *passed).collect();
    // The library, then the files of tests by name.
    assert_eq!(passed, ["0", "4", "7", "3", "6"], "{printed}");
    assert!(!printed.contains("warning: "), "{printed}");
}
