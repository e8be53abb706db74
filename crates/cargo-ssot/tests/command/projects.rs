use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs, io};

use tempfile::TempDir;

/// What in this process's environment is not to reach the projects.
const OURS: [&str; 3] = ["CI", "NO_COLOR", "RUST_BACKTRACE"];

/// A project in a folder of its own, in a git repository.
pub(crate) struct Project {
    folder: TempDir,
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Project {
    /// A git repository without a commit, with the lock file of our own workspace, so that nothing is downloaded.
    pub(crate) fn empty() -> Self {
        let project = Self {
            folder: TempDir::new().unwrap(),
        };
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        project.write(".gitignore", "/target\n");
        let lock = fs::read_to_string(workspace().join("Cargo.lock")).unwrap();
        project.write("Cargo.lock", &lock);
        project
    }

    /// A package at its root. No two tests may use one name: cargo names what it builds after it, in a folder that all share.
    pub(crate) fn package(name: &str) -> Self {
        let project = Self::empty();
        project.write("Cargo.toml", &manifest(name));
        project.write("src/lib.rs", SHOP);
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Its folder, for as long as somebody needs it.
    pub(crate) fn into_folder(self) -> TempDir {
        self.folder
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub(crate) fn remove(&self, file: &str) {
        fs::remove_file(self.path().join(file)).unwrap();
    }

    pub(crate) fn replace(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{file} has `{from}`:\n{text}");
        self.write(file, &text.replace(from, to));
    }

    /// Git in the project, with nothing of the machine's settings.
    pub(crate) fn git_command(&self) -> Command {
        let mut git = Command::new("git");
        git.current_dir(self.path());
        clean(&mut git);
        git
    }

    /// What git says.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let ran = Ran::of(self.git_command().args(arguments));
        assert_eq!(ran.code, 0, "git {}: {}{}", arguments.join(" "), ran.out, ran.err);
        ran.out.trim_end().to_owned()
    }

    /// Commits everything; gives the revision.
    pub(crate) fn commit(&self, subject: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", subject]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// The command in the project's folder, without anything of ours in its environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-ssot"));
        command.arg("ssot").args(arguments).current_dir(self.path());
        clean(&mut command);
        command
    }

    /// Calls the command.
    pub(crate) fn ssot(&self, arguments: &[&str]) -> Ran {
        Ran::of(&mut self.command(arguments))
    }

    /// Calls the command, and gives its standard input this.
    pub(crate) fn ssot_told(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        child.wait_with_output().unwrap().into()
    }

    /// What the command says with `--json`, and how it ends.
    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, serde_json::Value) {
        let ran = self.ssot(&[arguments, &["--json"]].concat());
        let value = serde_json::from_str(&ran.out);
        (
            ran.code,
            value.unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err)),
        )
    }

    /// The verdict on each test that a call of the command lists.
    pub(crate) fn verdicts(&self, arguments: &[&str]) -> Vec<(String, String)> {
        let (_, listing) = self.json(arguments);
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let tests = listing["tests"].as_array().unwrap_or_else(|| panic!("{listing}"));
        tests
            .iter()
            .map(|row| (text(&row["test"]), text(&row["verdict"])))
            .collect()
    }

    /// Runs the project's tests as its owner does, which records what is red.
    pub(crate) fn cargo_test(&self) -> Ran {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["test", "--workspace", "--tests", "--no-fail-fast"])
            .current_dir(self.path());
        clean(&mut cargo);
        Ran::of(&mut cargo)
    }
}

impl Ran {
    pub(crate) fn of(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).output().unwrap().into()
    }

    /// What it printed and how it ended, as a snapshot has it: without what differs from machine to machine.
    pub(crate) fn shown(&self, project: &Project) -> String {
        let folder = project.path().canonicalize().unwrap();
        let text = format!(
            "{}\n--- standard error ---\n{}\n--- exit status {} ---",
            self.out, self.err, self.code
        );
        text.replace(&*folder.to_string_lossy(), "[project]")
            .replace(&*project.path().to_string_lossy(), "[project]")
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The manifest of a package that is a workspace by itself, with the harness among its dev-dependencies.
pub(crate) fn manifest(name: &str) -> String {
    format!("{}\n[workspace]\n", member(name))
}

/// The manifest of a member of a workspace.
pub(crate) fn member(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n[dev-dependencies]\n{}",
        harness()
    )
}

/// The line of a manifest that names the harness.
pub(crate) fn harness() -> String {
    format!("ssot-harness = {{ path = '{}' }}\n", workspace().display())
}

/// A product whose faults go without anything being built again: a file of the package says what is served.
pub(crate) const SHOP: &str = r#"//! A shop whose faults are there until a file says otherwise.

/// What is served: what `served/<what>` says, or else that it is shared.
pub fn serve(what: &str) -> String {
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    match std::fs::read_to_string(format!("{package}/served/{what}")) {
        Ok(text) if text == "abort" => std::process::abort(),
        Ok(text) => text,
        Err(_) => format!("{what} are shared"),
    }
}
"#;

/// A fail-first test of that product, which passes once `served/<what>` says `fine`.
pub(crate) fn test(krate: &str, what: &str) -> String {
    format!(
        "#[ssot_harness::test(fail_first(issue = \"shop#12\", expect_message = \"{what} are shared\"))]\n\
         fn {what}_are_not_shared() {{\n    assert_eq!({krate}::serve(\"{what}\"), \"fine\");\n}}\n\n"
    )
}

pub(crate) fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package
        .ancestors()
        .nth(2)
        .expect("it is a member of the workspace")
        .to_owned()
}

/// Whether there is nextest, which may be missing, unless `SSOT_REQUIRE` names it.
pub(crate) fn has_nextest() -> bool {
    let nextest = Command::new(env!("CARGO"))
        .args(["nextest", "--version"])
        .output();
    if nextest.is_ok_and(|output| output.status.success()) {
        return true;
    }
    let required = env::var("SSOT_REQUIRE").unwrap_or_default();
    assert!(
        !required.split(',').any(|name| name == "nextest"),
        "SSOT_REQUIRE names nextest, and `cargo nextest` is not installed"
    );
    // Past the capture of test output, so that nobody takes this for a whole run.
    writeln!(
        io::stderr().lock(),
        "skipped under nextest, which is not installed: cargo install cargo-nextest --locked"
    )
    .expect("standard error is open");
    false
}

/// Takes out of a command's environment what is ours, and what the machine's owner has set for git.
pub(crate) fn clean(command: &mut Command) {
    for name in OURS {
        command.env_remove(name);
    }
    for (name, _) in env::vars_os() {
        let shown = name.to_string_lossy();
        if ["SSOT_", "NEXTEST", "GIT_"]
            .iter()
            .any(|prefix| shown.starts_with(prefix))
        {
            command.env_remove(name);
        }
    }
    command
        // Beside our own dependencies, most of which are theirs too.
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap(),
        )
        .env("CARGO_NET_OFFLINE", "true")
        // Git speaks its user's language.
        .env("LC_ALL", "C")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "Ada")
        .env("GIT_AUTHOR_EMAIL", "ada@shop.example")
        .env("GIT_COMMITTER_NAME", "Ada")
        .env("GIT_COMMITTER_EMAIL", "ada@shop.example");
}

/// Compares what a person sees with `/snapshots/command/<name>.snap`.
pub(crate) fn snapshot(name: &str, shown: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(workspace().join("snapshots/command"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"\b[0-9a-f]{40}\b", "[revision]");
    settings.add_filter(r"\b[0-9a-f]{12}\b", "[revision]");
    // On a busy machine it is no longer now.
    settings.add_filter(r"(?m)  (now|\d+ minutes?)$", "  [age]");
    settings.bind(|| insta::assert_snapshot!(name, shown));
}
