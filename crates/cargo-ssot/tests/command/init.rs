//! What `cargo ssot init` writes, and that it works.

use crate::projects::{Project, member, snapshot};

/// Without the way from the project to the harness, which is another on every machine.
fn without_harness(text: &str) -> String {
    let (before, rest) = text.split_once("--path ").unwrap();
    let (path, after) = rest.split_once(" --locked").unwrap();
    let path = path.trim_matches('\'');
    assert!(path.ends_with("/crates/cargo-ssot"), "{path}");
    format!("{before}--path [harness]/crates/cargo-ssot --locked{after}")
}

#[test]
fn what_it_writes_works_and_is_never_overwritten() {
    let project = Project::package("init-shop");
    project.write(".gitignore", "/target");
    let ran = project.ssot(&["init"]);
    snapshot("init", &ran.shown(&project));
    assert_eq!(project.read(".gitignore"), "/target\n/fail-first/**/*.draft\n");
    snapshot(
        "init_workflow",
        &without_harness(&project.read(".github/workflows/ssot.yml")),
    );

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
    let shown = without_harness(&ran.shown(&project));
    snapshot("init_other_ci", &shown);
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
    // The package has no library yet: no registry is asked for a crate that may be anybody's.
    assert!(
        workflow.contains("cargo install --path ../ssot-harness/crates/cargo-ssot --locked"),
        "{workflow}"
    );
    assert!(!workflow.contains("cargo install cargo-ssot"), "{workflow}");
}

/// From where the package has the library, the workflow has the command.
#[test]
fn the_command_is_installed_from_where_the_library_comes() {
    for (dependency, install) in [
        (
            "{ git = \"https://git.example/harness\", branch = \"next\" }",
            "cargo install --git https://git.example/harness --branch next cargo-ssot --locked",
        ),
        (
            "{ path = \"harness\" }",
            "cargo install --path harness/crates/cargo-ssot --locked",
        ),
        (
            "\"0.1\"",
            "cargo install --path ../ssot-harness/crates/cargo-ssot --locked",
        ),
    ] {
        let project = Project::package("init-origins");
        project.write(
            "harness/Cargo.toml",
            "[package]\nname = \"ssot-harness\"\nedition = \"2024\"\n",
        );
        project.write("harness/src/lib.rs", "//! Stands for it.\n");
        let manifest = member("init-origins");
        let (head, _) = manifest.split_once("ssot-harness = ").unwrap();
        project.write(
            "Cargo.toml",
            &format!("{head}ssot-harness = {dependency}\n\n[workspace]\n"),
        );
        let ran = project.ssot(&["init"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let workflow = project.read(".github/workflows/ssot.yml");
        assert!(workflow.contains(&format!("- run: \"{install}\"")), "{workflow}");
    }
}
