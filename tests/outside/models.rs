//! A crate outside the workspace has the clients of model APIs that teams use talk to the fake.

use crate::crates::{Crate, cargo_with_downloads, profile};

static CLIENTS: Crate = Crate::new("llm_clients", "clients");

/// The clients are no dependencies of this workspace, and may not be there; where `SSOT_REQUIRE` names `model-clients`, they are downloaded.
#[test]
fn clients_of_model_apis_talk_to_the_fake() {
    let folder = CLIENTS.copy();
    let Some(mut run) = cargo_with_downloads(&folder, "async-openai and rig-core") else {
        return;
    };
    let ran = run
        .args(["test", "--test", "clients", "--profile"])
        .arg(profile())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success() && printed.contains("3 passed"), "{printed}");
}
