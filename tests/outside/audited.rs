//! A crate outside the workspace audits its own sources, by its configuration and by rules in a test.

use std::fs;

use crate::crates::{Crate, cargo, profile};

static AUDITED: Crate = Crate::new("audited", "one_engine");

const RULES: &str = r#"
[[role]]
name = "engine"
trait = "audited::engine::Engine"
canonical = "audited::engine::UserEngine"
construct-only-in = ["audited::factory"]
"#;

const SECOND_ENGINE: &str = r#"
pub mod quick {
    use crate::engine::{Engine as Runs, UserEngine as Quick};

    pub struct Fast;

    impl Runs for Fast {
        fn name(&self) -> &'static str {
            "fast"
        }
    }

    pub fn build() -> Quick {
        Quick(7)
    }
}
"#;

#[test]
fn the_audit_is_a_test_of_a_users_own_crate() {
    let copy = AUDITED.copy();
    fs::write(copy.join("ssot.toml"), RULES).unwrap();
    fs::write(copy.join("ssot.lock"), "").unwrap();
    let run = || {
        let ran = cargo(&copy)
            .args(["test", "--test", "one_engine", "--profile"])
            .arg(profile())
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
        (ran.status.success(), printed)
    };
    let (passed, printed) = run();
    assert!(passed && printed.contains("2 passed"), "{printed}");

    // A second engine, through an alias, and a handler that builds the first past the factory.
    let source = copy.join("src/lib.rs");
    let sound = fs::read_to_string(&source).unwrap();
    let faulty = format!("{sound}{SECOND_ENGINE}");
    fs::write(&source, faulty).unwrap();
    let (passed, printed) = run();
    // As it was, for the next run.
    fs::write(&source, sound).unwrap();
    assert!(!passed && printed.contains("0 passed; 2 failed"), "{printed}");
    for said in ["SSOT001", "SSOT003", "`Fast` implements `Engine`", "src/lib.rs"] {
        assert!(printed.contains(said), "{said}: {printed}");
    }
}
