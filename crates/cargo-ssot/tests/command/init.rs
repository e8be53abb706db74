//! What `cargo ssot init` writes, and that it works.

use crate::projects::{Project, member, snapshot};

#[test]
fn what_it_writes_works_and_is_never_overwritten() {
    let project = Project::package("init-shop");
    project.write(".gitignore", "/target");
    let ran = project.ssot(&["init"]);
    snapshot("init", &ran.shown(&project));
    assert_eq!(project.read(".gitignore"), "/target\n/fail-first/**/*.draft\n");
    snapshot("init_workflow", &project.read(".github/workflows/ssot.yml"));

    let ran = project.cargo_test();
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(
        ran.err.contains("cards_are_not_shared is red for example#1"),
        "{}",
        ran.err
    );
    assert_eq!(project.ssot(&["gate"]).code, 0);
    // As it tells its reader to.
    project.replace(
        "tests/ssot_first.rs",
        "        *self.card.lock().unwrap() = card;\n        yield_point().await;\n        \
         format!(\"we have charged {}\", self.card.lock().unwrap())",
        "        yield_point().await;\n        format!(\"we have charged {card}\")",
    );
    assert_ne!(project.cargo_test().code, 0, "it passes, and is red");
    let ran = project.ssot(&["accept"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert_eq!(project.cargo_test().code, 0);

    let test = project.read("tests/ssot_first.rs");
    project.write(".github/workflows/ssot.yml", "mine");
    let ran = project.ssot(&["init"]);
    snapshot("init_again", &ran.shown(&project));
    assert_eq!(project.read("tests/ssot_first.rs"), test);
    assert_eq!(project.read(".github/workflows/ssot.yml"), "mine");
    assert_eq!(project.read(".gitignore"), "/target\n/fail-first/**/*.draft\n");
}

#[test]
fn it_goes_where_it_belongs_in_a_workspace_with_another_ci() {
    let project = Project::empty();
    project.write(
        "app/Cargo.toml",
        "[workspace]\nmembers = [\"*\"]\nexclude = [\"target\"]\nresolver = \"3\"\n",
    );
    project.write("app/shop/Cargo.toml", &member("init-ws-shop"));
    project.write("app/shop/src/lib.rs", "");
    project.write(
        "app/plain/Cargo.toml",
        "[package]\nname = \"plain\"\nedition = \"2024\"\n",
    );
    project.write("app/plain/src/lib.rs", "");
    project.write(".gitlab-ci.yml", "");

    let from = |folder: &str, arguments: &[&str]| {
        let mut command = project.command(arguments);
        crate::projects::Ran::of(command.current_dir(project.path().join(folder)))
    };
    let ran = from("app", &["init"]);
    assert_eq!(
        (ran.code, &*ran.err),
        (
            2,
            "error: there are several packages here; name one with --package: plain, init-ws-shop\n"
        )
    );
    let ran = from("app/shop/src", &["init"]);
    snapshot("init_other_ci", &ran.shown(&project));
    assert!(project.path().join("app/shop/tests/ssot_first.rs").exists());
    assert!(!project.path().join(".github").exists());

    project.remove(".gitlab-ci.yml");
    let ran = from("app", &["init", "--package", "plain", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["written"].as_array().unwrap().len(), 3, "{told}");
    assert!(
        told["next"][0]
            .as_str()
            .unwrap()
            .starts_with("let plain depend on ssot-harness"),
        "{told}"
    );
    let workflow = project.read(".github/workflows/ssot.yml");
    assert!(workflow.contains("working-directory: \"app\""), "{workflow}");
}
