//! A crate outside the workspace has the clients of model APIs that teams use talk to the fake.

use std::env;
use std::io::Write as _;

use crate::crates::{Crate, cargo, profile};

static CLIENTS: Crate = Crate::new("llm_clients", "clients");

/// The clients are no dependencies of this workspace, and may not be there; where `SSOT_REQUIRE` names `model-clients`, they are downloaded.
#[test]
fn clients_of_model_apis_talk_to_the_fake() {
    let folder = CLIENTS.copy();
    let required = env::var("SSOT_REQUIRE").unwrap_or_default();
    let is_required = required.split(',').any(|required| required == "model-clients");
    let mut run = cargo(&folder);
    if is_required {
        run.env_remove("CARGO_NET_OFFLINE");
    } else if !cargo(&folder)
        .args(["fetch", "--quiet"])
        .status()
        .unwrap()
        .success()
    {
        let reason = "skipped: async-openai and rig-core are not downloaded; SSOT_REQUIRE=model-clients downloads them\n";
        std::io::stderr().write_all(reason.as_bytes()).unwrap();
        return;
    }
    let ran = run
        .args(["test", "--test", "clients", "--profile"])
        .arg(profile())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success() && printed.contains("3 passed"), "{printed}");
}
