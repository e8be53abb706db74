//! Workspaces, other runners, and tests in other places than `tests/`.

use crate::ledger::Stage::Red;
use crate::projects::{Project, has_nextest, member, test};

fn workspace() -> Project {
    let project = Project::empty();
    project.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n",
    );
    for name in ["ws-till", "ws-store"] {
        let folder = format!("crates/{}", &name[3..]);
        let shop = Project::package(name).read("src/lib.rs");
        let within = format!(
            "\n#[cfg(test)]\nmod tests {{\n{}}}\n",
            test("crate", "units").replace("crate::serve", "super::serve")
        );
        project.write(&format!("{folder}/Cargo.toml"), &member(name));
        project.write(&format!("{folder}/src/lib.rs"), &(shop + &within));
        project.write(
            &format!("{folder}/tests/front-desk.rs"),
            &test(&name.replace('-', "_"), "bills"),
        );
    }
    project.replace(
        "crates/till/Cargo.toml",
        "[dev-dependencies]",
        "[features]\nextra = []\n\n[dev-dependencies]",
    );
    let extra = test("ws_till", "extras");
    let front_desk = project.read("crates/till/tests/front-desk.rs");
    project.write(
        "crates/till/tests/front-desk.rs",
        &format!("{front_desk}#[cfg(feature = \"extra\")]\nmod deep {{\n{extra}}}\n"),
    );
    project.write(
        "crates/till/src/main.rs",
        &format!(
            "fn main() {{}}\n\n#[cfg(test)]\nmod tests {{\n{}}}\n",
            test("ws_till", "mains")
        ),
    );
    // Not libtest's, and not to be started.
    project.write(
        "crates/store/Cargo.toml",
        &format!(
            "{}\n[[test]]\nname = \"own\"\nharness = false\n",
            member("ws-store")
        ),
    );
    project.write(
        "crates/store/tests/own.rs",
        "fn main() { std::process::exit(1) }\n",
    );
    // Without the harness, and not to be built.
    project.write(
        "crates/broken/Cargo.toml",
        member("ws-broken").split("[dev-").next().unwrap(),
    );
    project.write("crates/broken/src/lib.rs", "fn broken( {}\n");
    project
}

#[test]
fn tests_are_found_run_and_accepted_wherever_they_are() {
    let project = workspace();
    let names = |arguments: &[&str]| {
        let (_, listing) = project.json(arguments);
        let rows = listing["tests"]
            .as_array()
            .unwrap_or_else(|| panic!("{listing}"))
            .clone();
        rows.iter()
            .map(|row| {
                let text = |name: &str| row[name].as_str().unwrap();
                format!(
                    "{} {}::{} {}",
                    text("package"),
                    text("crate"),
                    text("test"),
                    text("verdict")
                )
            })
            .collect::<Vec<_>>()
    };
    let of_store = [
        "ws-store ws_store::tests::units_are_not_shared",
        "ws-store front_desk::bills_are_not_shared",
    ];
    let of_till = [
        "ws-till ws_till::tests::units_are_not_shared",
        "ws-till ws_till::tests::mains_are_not_shared",
        "ws-till front_desk::bills_are_not_shared",
    ];
    let stand = |tests: &[&str], verdict: &str| {
        tests
            .iter()
            .map(|test| format!("{test} {verdict}"))
            .collect::<Vec<_>>()
    };
    let all = [&of_store[..], &of_till[..]].concat();

    assert_eq!(names(&["status"]), stand(&all, "unproven"));
    assert_eq!(
        names(&["status", "--package", "ws-store"]),
        stand(&of_store, "unproven")
    );
    assert_eq!(
        names(&["status", "--features", "ws-till/extra", "deep::"]),
        ["ws-till front_desk::deep::extras_are_not_shared unproven"]
    );
    assert_eq!(
        names(&["status", "--manifest-path", "crates/till/Cargo.toml"]),
        stand(&all, "unproven")
    );

    let ledger = project.ledger();
    for test in &all {
        ledger.record_if(Red, "0123456", |row| {
            let text = |name: &str| row[name].as_str().unwrap();
            *test == format!("{} {}::{}", text("package"), text("crate"), text("test"))
        });
    }
    assert_eq!(names(&["gate"]), stand(&all, "red"));
    let runner = if has_nextest() { "nextest" } else { "cargo" };
    assert_eq!(names(&["gate", "--runner", runner]), stand(&all, "red"));

    assert!(
        !project.path().join("crates/store/started").exists(),
        "what has no fail-first test is not run"
    );

    // One of two tests that have the same name.
    project.write("crates/till/served/bills", "fine");
    let ran = project.ssot(&["accept", "bills", "--runner", runner]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    let mut stands = stand(&all, "red");
    stands[4] = format!("{} green", of_till[2]);
    assert_eq!(names(&["gate"]), stands);
}
