//! `cargo ssot prove` wherever projects are: below the top of a repository, in a workspace, with submodules, with what is not
//! committed, with what the base has not.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::projects::{Project, Ran, harness, has_nextest, member, snapshot, test, workspace};

/// The folder for temporary files that the command is given, two levels below that of the project, so that no path that counts
/// from there leads to the same place.
struct Temporary(TempDir);

impl Temporary {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("deeper")).unwrap();
        Self(folder)
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("deeper")
    }

    fn is_empty(&self) -> bool {
        fs::read_dir(self.path()).unwrap().next().is_none()
    }
}

fn prove(project: &Project, within: &str, temporary: &Temporary, arguments: &[&str]) -> Ran {
    let arguments = [&["prove"], arguments].concat();
    let mut command = project.command(&arguments);
    command
        .current_dir(project.path().join(within))
        .env("TMPDIR", temporary.path());
    let mut ran = Ran::of(&mut command);
    // Other tests prove at the same time, in the folder that all build in.
    ran.err = ran.err.replace("ssot: waiting for another proof\n", "");
    ran
}

/// A product that needs its submodule, in a folder with a space and letters of its own, at a base that knows nothing of the
/// harness; the fix on a branch whose last revision has it already, as has the main branch by now.
fn shop() -> (Project, TempDir) {
    let parts = Project::empty();
    parts.write(
        "Cargo.toml",
        "[package]\nname = \"prove-parts\"\nedition = \"2024\"\n",
    );
    parts.write("src/lib.rs", "//! Parts.\n");
    parts.commit("parts");

    let project = Project::empty();
    project.remove("Cargo.lock");
    project.write(".gitignore", "target\nCargo.lock\n");
    project.write(
        "läden/der laden/Cargo.toml",
        "[package]\nname = \"prove-laden\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nprove-parts = { path = \
         \"../../vendor/parts\" }\n\n[workspace]\n",
    );
    let lock = fs::read_to_string(workspace().join("Cargo.lock")).unwrap();
    project.write("läden/der laden/Cargo.lock", &lock);
    project.write("läden/der laden/src/lib.rs", crate::projects::SHOP);
    let url = parts.path().to_str().unwrap();
    let add = [
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "--quiet",
        url,
        "vendor/parts",
    ];
    project.git(&add);
    project.commit("the fault");
    project.git(&["switch", "--quiet", "--create", "fix"]);
    project.write("läden/der laden/served/histories", "fine");
    project.commit("the fix");
    project.commit("and more");
    project.git(&["switch", "--quiet", "main"]);
    project.write("läden/der laden/served/histories", "fine");
    project.commit("the same fix");
    project.git(&["switch", "--quiet", "fix"]);
    (project, parts.into_folder())
}

#[test]
fn what_is_not_committed_is_proven_where_the_branch_began() {
    let (project, _parts) = shop();
    let package = "läden/der laden";
    let manifest = format!("{package}/Cargo.toml");
    let with_harness = format!("[dev-dependencies]\n{}\n[workspace]", harness());
    project.replace(&manifest, "[workspace]", &with_harness);
    let expected = "assert_eq!(include_str!(\"../fixtures/erwartet é.txt\"), \"fine\");\n}";
    let test = test("prove_laden", "histories");
    project.write(
        &format!("{package}/tests/desk.rs"),
        &test.replace("fine\");\n}", &format!("fine\");\n    {expected}")),
    );
    project.write(&format!("{package}/fixtures/erwartet é.txt"), "fine");

    let temporary = Temporary::new();
    let ran = prove(&project, package, &temporary, &[]);
    snapshot("prove_dirty", &ran.shown(&project));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(temporary.is_empty(), "the worktree is gone");
    let ledger = format!("{package}/fail-first/desk/histories_are_not_shared.toml");
    let proven = project.read(&ledger);
    let base = project.git(&["merge-base", "HEAD", "main"]);
    let head = project.git(&["rev-parse", "HEAD"]);
    assert!(proven.contains(&format!("revision = \"{base}\"")), "{proven}");
    assert!(
        proven.contains(&format!("revision = \"{head}-dirty\"")),
        "{proven}"
    );

    project.replace(
        &format!("{package}/tests/desk.rs"),
        "assert_eq!",
        "std::assert_eq!",
    );
    project.remove(&format!("{package}/served/histories"));
    let broken = prove(&project, package, &temporary, &["--json"]);
    assert!(broken.out.contains("\"still-red\""), "{}", broken.out);
    assert_eq!(
        project.read(&ledger),
        proven,
        "what is not proven changes nothing"
    );

    project.write(&format!("{package}/served/histories"), "fine");
    let mut under_ci = project.command(&["prove", "--manifest-path", &manifest]);
    let ran = Ran::of(under_ci.env("CI", "true"));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(
        project.read(&ledger),
        proven,
        "nothing is written under CI: {}",
        ran.out
    );

    let again = prove(&project, package, &temporary, &["--base", "fix~2"]);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    let source = |ledger: &str| {
        ledger
            .lines()
            .find(|line| line.starts_with("source"))
            .map(str::to_owned)
    };
    assert_ne!(
        source(&project.read(&ledger)),
        source(&proven),
        "the test was edited"
    );

    let parent = prove(&project, package, &temporary, &["--base", "HEAD"]);
    assert_eq!(parent.code, 1);
    assert!(parent.out.contains("passes-at-base"), "{}", parent.out);
}

/// Of two packages, one of which the base has not; with a package outside the repository, and one for tests alone that the
/// base has not either.
fn two_crates(outside: &Path) -> Project {
    let project = Project::empty();
    project.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n",
    );
    let outside = format!(
        "[dependencies]\nprove-outside = {{ path = \"../../../{}\" }}\n",
        outside.file_name().unwrap().display()
    );
    let bare = |name: &str| member(name).replace(&format!("[dev-dependencies]\n{}", harness()), "");
    project.write(
        "crates/ask/Cargo.toml",
        &format!("{}{outside}", bare("prove-ask")),
    );
    project.write("crates/ask/src/lib.rs", crate::projects::SHOP);
    project.commit("the fault");
    project.git(&["switch", "--quiet", "--create", "fix"]);

    project.write(
        "Cargo.toml",
        &format!("[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[workspace.dependencies]\n{}prove-kit = {{ path = \"crates/kit\" }}\n", harness()),
    );
    let dev = "[dev-dependencies]\nssot-harness.workspace = true\nprove-kit.workspace = true\n";
    project.write(
        "crates/ask/Cargo.toml",
        &format!("{}{outside}{dev}", bare("prove-ask")),
    );
    project.write("crates/kit/Cargo.toml", &bare("prove-kit"));
    project.write(
        "crates/kit/src/lib.rs",
        "//! What tests use.\n\n/// Expected.\npub const FINE: &str = \"fine\";\n",
    );
    project.write(
        "crates/ask/tests/asked.rs",
        &test("prove_ask", "histories").replace("\"fine\"", "prove_kit::FINE"),
    );
    project.write("crates/ask/served/histories", "fine");
    project.write("crates/tell/Cargo.toml", &member("prove-tell"));
    project.write("crates/tell/src/lib.rs", crate::projects::SHOP);
    project.write("crates/tell/tests/told.rs", &test("prove_tell", "answers"));
    project.write("crates/tell/served/answers", "fine");
    project.commit("the fix");
    project
}

#[test]
fn a_package_of_a_workspace_that_the_base_has_not_is_told_apart() {
    let outside = TempDir::new().unwrap();
    fs::write(
        outside.path().join("Cargo.toml"),
        "[package]\nname = \"prove-outside\"\nedition = \"2024\"\n[workspace]\n",
    )
    .unwrap();
    fs::create_dir(outside.path().join("src")).unwrap();
    fs::write(outside.path().join("src/lib.rs"), "//! Elsewhere.\n").unwrap();
    let project = two_crates(outside.path());
    let temporary = Temporary::new();
    let ran = prove(&project, "crates/ask", &temporary, &[]);
    snapshot("prove_workspace", &ran.shown(&project));
    assert_eq!(ran.code, 1);
    let runner = if has_nextest() { "nextest" } else { "cargo" };
    let ran = prove(
        &project,
        "",
        &temporary,
        &["--package", "prove-ask", "--runner", runner],
    );
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(temporary.is_empty());
}
