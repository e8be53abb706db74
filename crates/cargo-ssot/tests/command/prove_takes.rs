//! What `cargo ssot prove` takes to the base beside the folders that are always the tests', and what it says where it cannot.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::projects::{Project, Ran, harness, test};

const INNER: &str = "inner/shop";

/// A repository below a folder that has settings for cargo. Its tests stand in a folder of their own, and on a fake that the fix
/// changes, a package that is new, and a dependency that is patched in.
fn project() -> Project {
    let project = Project::empty();
    fs::remove_dir_all(project.path().join(".git")).unwrap();
    fs::create_dir_all(project.path().join("inner")).unwrap();
    git(&project, &["init", "--quiet", "--initial-branch=main"]);
    project.write(".cargo/config.toml", "[env]\nABOVE = \"there\"\n");
    project.write("inner/.gitignore", "target\n");
    let lock = project.read("Cargo.lock");
    project.write("inner/Cargo.lock", &lock);
    project.write(
        "inner/Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"shop\"]\n",
    );
    project.write(
        &format!("{INNER}/Cargo.toml"),
        "[package]\nname = \"prove-takes\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    project.write(&format!("{INNER}/src/lib.rs"), crate::projects::SHOP);
    project.write(
        "inner/fake/Cargo.toml",
        "[package]\nname = \"takes-fake\"\nedition = \"2024\"\n",
    );
    project.write("inner/fake/src/lib.rs", "//! A fake of before.\n");
    git(&project, &["add", "--all"]);
    git(&project, &["commit", "--quiet", "--message", "the fault"]);

    project.write(
        "inner/Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"shop\", \"kit\"]\n\n[workspace.package]\nedition = \"2024\"\n\n\
         [workspace.lints.rust]\nunused = \"warn\"\n\n[patch.crates-io]\ntakes-patched = { path = \"patched\" }\n",
    );
    project.write(
        "inner/patched/Cargo.toml",
        "[package]\nname = \"takes-patched\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    project.write(
        "inner/patched/src/lib.rs",
        "//! Not on a registry.\n\n/// It.\npub const IT: &str = \"fine\";\n",
    );
    project.write(
        "inner/kit/Cargo.toml",
        "[package]\nname = \"takes-kit\"\nedition.workspace = true\n\n[lints]\nworkspace = true\n",
    );
    project.write(
        "inner/kit/src/lib.rs",
        "//! A kit.\n\n/// It.\npub const IT: &str = \"fine\";\n",
    );
    project.write(
        "inner/fake/src/lib.rs",
        "//! A fake.\n\n/// It.\npub const IT: &str = \"fine\";\n",
    );
    project.write(
        &format!("{INNER}/Cargo.toml"),
        &format!(
            "[package]\nname = \"prove-takes\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[[test]]\nname = \"checks\"\npath = \
             \"checks/it.rs\"\n\n[dev-dependencies]\n{}takes-fake = {{ path = \"../fake\" }}\ntakes-kit = {{ path = \
             \"../kit\" }}\ntakes-patched = \"0.1\"\n",
            harness()
        ),
    );
    let proper = test("prove_takes", "histories");
    let with = |name: &str, what: &str| {
        proper
            .replace("fn histories_are", &format!("fn {name}_are"))
            .replace("\"fine\"", what)
    };
    project.write(
        &format!("{INNER}/checks/it.rs"),
        &[
            "mod helper;\n#[path = \"../words/there.rs\"]\nmod words;\n\n".to_owned(),
            with("helpers", "helper::IT"),
            with("words", "words::IT"),
            with("fakes", "takes_fake::IT"),
            with("kits", "takes_kit::IT"),
            with("patches", "takes_patched::IT"),
            with(
                "settings",
                "(env!(\"ABOVE\").len() == 5).then_some(\"fine\").unwrap()",
            ),
        ]
        .concat(),
    );
    let it = "pub(crate) const IT: &str = \"fine\";\n";
    project.write(&format!("{INNER}/checks/helper.rs"), it);
    project.write(&format!("{INNER}/words/there.rs"), it);
    project.write(&format!("{INNER}/served/histories"), "fine");
    git(&project, &["add", "--all"]);
    git(&project, &["commit", "--quiet", "--message", "the fix"]);
    project
}

fn git(project: &Project, arguments: &[&str]) {
    let mut git: Command = project.git_command();
    let ran = Ran::of(git.current_dir(project.path().join("inner")).args(arguments));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn what_tests_are_compiled_from_is_there_too() {
    let project = project();
    let prove = |within: &str, arguments: &[&str]| {
        let arguments = [&["prove", "--base", "HEAD~1"], arguments].concat();
        let mut command = project.command(&arguments);
        Ran::of(command.current_dir(project.path().join(within)))
    };
    let ran = prove(INNER, &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("6 proven"), "{}", ran.out);
    // From where it was started, as a path that can be pasted there.
    assert!(
        ran.out
            .contains("\n  fail-first/checks/fakes_are_not_shared.toml"),
        "{}",
        ran.out
    );

    let links = TempDir::new().unwrap();
    let link = links.path().join("link");
    symlink(project.path().join(INNER), &link).unwrap();
    let manifest = link.join("Cargo.toml");
    let ran = prove("", &["--manifest-path", manifest.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("6 proven"), "{}", ran.out);
}

/// A base that cargo cannot make anything of is a verdict on the tests, and no failure of the command.
#[test]
fn a_base_that_cannot_be_resolved_is_a_verdict() {
    let project = Project::package("prove-broken-base");
    let sound = project.read("Cargo.toml");
    project.write(
        "Cargo.toml",
        &sound.replace("[workspace]", "[workspace]\nmembers = [\"missing\"]"),
    );
    project.write("tests/desk.rs", &test("prove_broken_base", "histories"));
    project.commit("the fault");
    project.write("Cargo.toml", &sound);
    project.write("served/histories", "fine");
    project.commit("the fix");
    let (code, report) = project.json(&["prove", "--base", "HEAD~1"]);
    assert_eq!(code, 1, "{report}");
    let row = &report["tests"][0];
    assert_eq!(row["verdict"], "does-not-compile", "{report}");
    let said = row["said"].as_str().unwrap();
    assert!(
        said.contains("cargo cannot build the base") && said.contains("missing"),
        "{said}"
    );
}

/// What requires features is told by their names.
#[test]
fn a_test_that_requires_features_names_them() {
    let project = Project::package("prove-features");
    let manifest = project.read("Cargo.toml");
    let with = |features: &str| {
        format!(
            "{manifest}\n[features]\nextra = []\n\n[[test]]\nname = \"desk\"\nrequired-features = [{features}]\n"
        )
    };
    project.write("Cargo.toml", &manifest);
    project.commit("the fault");
    project.write("Cargo.toml", &with("\"extra\""));
    project.write("tests/desk.rs", &test("prove_features", "histories"));
    project.write("served/histories", "fine");
    project.commit("the fix");
    let (code, report) = project.json(&["prove", "--base", "HEAD~1", "--features", "extra"]);
    assert_eq!(code, 1, "{report}");
    assert_eq!(report["tests"][0]["verdict"], "does-not-compile", "{report}");
    let said = report["tests"][0]["said"].as_str().unwrap();
    assert!(said.contains("extra"), "{said}");
}

/// A folder for cargo in which only what this platform needs has been downloaded, as on a machine that never saw another project.
fn home_of_a_fresh_machine() -> TempDir {
    let real = std::env::var_os("CARGO_HOME").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cargo"),
        PathBuf::from,
    );
    let home = TempDir::new().unwrap();
    let registry = home.path().join("registry");
    fs::create_dir(&registry).unwrap();
    symlink(real.join("registry/index"), registry.join("index")).unwrap();
    for kind in ["cache", "src"] {
        for source in fs::read_dir(real.join("registry").join(kind)).unwrap() {
            let source = source.unwrap();
            let folder = registry.join(kind).join(source.file_name());
            fs::create_dir_all(&folder).unwrap();
            for package in fs::read_dir(source.path()).unwrap() {
                let package = package.unwrap();
                let name = package.file_name();
                if !["windows", "winapi"]
                    .iter()
                    .any(|other| name.to_string_lossy().starts_with(other))
                {
                    symlink(package.path(), folder.join(name)).unwrap();
                }
            }
        }
    }
    home
}

#[test]
fn what_other_platforms_need_is_not_asked_for() {
    let home = home_of_a_fresh_machine();
    let project = Project::package("prove-platforms");
    project.write("tests/desk.rs", &test("prove_platforms", "histories"));
    project.commit("the fault");
    project.write("served/histories", "fine");
    project.commit("the fix");
    // Only what resolves is to find less: what builds would build everything again.
    let cargo = home.path().join("cargo");
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *metadata*--offline*) export CARGO_HOME='{}';; esac\nexec '{}' \"$@\"\n",
        home.path().display(),
        env!("CARGO")
    );
    fs::write(&cargo, script).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = project.command(&["prove", "--base", "HEAD~1"]);
    let ran = Ran::of(command.env("CARGO", cargo));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let steps: Vec<&str> = ran
        .err
        .lines()
        .filter(|line| *line != "ssot: waiting for another proof")
        .filter_map(|line| line.split(", ").next())
        .collect();
    assert_eq!(
        steps,
        [
            "ssot: building the tests of prove-platforms",
            "ssot: running a fail-first test",
            "ssot: checking out the base",
            "ssot: resolving its dependencies",
            "ssot: building the tests of prove-platforms",
            "ssot: running a fail-first test",
        ]
    );
}
