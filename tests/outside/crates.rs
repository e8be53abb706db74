use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

/// What in this process's environment is not to reach the user's.
pub(crate) const OURS: [&str; 14] = [
    "SSOT_SEED",
    "SSOT_EXECUTIONS",
    "SSOT_REPLAY",
    "SSOT_REPORT",
    "SSOT_REPORT_FORMAT",
    "SSOT_SHARD",
    "SSOT_WITHIN",
    "SSOT_FAIL_FIRST",
    "SSOT_RECORD",
    "SSOT_REQUIRE",
    "SSOT_TIMEOUT",
    "CI",
    "NO_COLOR",
    "RUST_BACKTRACE",
];

/// A crate of `fixtures/`, as a user has it.
pub(crate) struct Crate {
    /// Its folder there.
    pub(crate) fixture: &'static str,
    /// Its one file of tests.
    pub(crate) test: &'static str,
    pub(crate) built: OnceLock<PathBuf>,
}

impl Crate {
    pub(crate) const fn new(fixture: &'static str, test: &'static str) -> Self {
        Self {
            fixture,
            test,
            built: OnceLock::new(),
        }
    }

    /// Where it is copied to.
    pub(crate) fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(self.fixture)
    }

    /// The crate, copied to where it may be written to: one place for all tests, for cargo names what it builds
    /// after the package, and two copies would replace each other's programs.
    pub(crate) fn copy(&self) -> PathBuf {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = self.folder();
        let test = format!("tests/{}.rs", self.test);
        for file in ["Cargo.toml", "src/lib.rs", &test, "Cargo.lock"] {
            let from = if file == "Cargo.lock" {
                root.join(file)
            } else {
                root.join("fixtures").join(self.fixture).join(file)
            };
            let content = fs::read_to_string(from).unwrap();
            let content = content.replace("path = \"../..\"", &format!("path = '{}'", root.display()));
            let to = folder.join(file);
            // Cargo keeps the lock file up to date by itself; a source that is written again is built again.
            let known = fs::read_to_string(&to).ok();
            if known.is_none() || file != "Cargo.lock" && known.as_ref() != Some(&content) {
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::write(to, content).unwrap();
            }
        }
        folder
    }

    /// The same with other files beside those that every such crate has.
    pub(crate) fn copy_with(&self, others: &[&str]) -> PathBuf {
        let copy = self.copy();
        for file in others {
            let from = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("fixtures")
                .join(self.fixture)
                .join(file);
            let content = fs::read_to_string(from).unwrap();
            let to = copy.join(file);
            if fs::read_to_string(&to).ok().as_ref() != Some(&content) {
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::write(to, content).unwrap();
            }
        }
        copy
    }

    /// Its test program, built once.
    pub(crate) fn program(&self) -> &Path {
        self.built.get_or_init(|| {
            let folder = self.copy();
            let built = cargo(&folder)
                .args([
                    "test",
                    "--no-run",
                    "--test",
                    self.test,
                    "--message-format=json",
                    "--profile",
                ])
                .arg(profile())
                .output()
                .unwrap();
            assert!(
                built.status.success(),
                "{}",
                String::from_utf8_lossy(&built.stderr)
            );
            let messages = String::from_utf8(built.stdout).unwrap();
            let executable = messages
                .lines()
                .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
                .filter(|message| message["target"]["name"] == self.test)
                .find_map(|message| message["executable"].as_str().map(PathBuf::from));
            executable.expect("cargo says where it put the test program")
        })
    }
}

/// `release`, where continuous integration asks for it: what a schedule says must not depend on the profile.
pub(crate) fn profile() -> String {
    env::var("SSOT_OUTSIDE_PROFILE").unwrap_or_else(|_| "dev".to_owned())
}

pub(crate) fn target() -> PathBuf {
    // Beside our own dependencies, most of which are the user's too.
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("cargo puts it into the target folder")
        .to_owned()
}

/// Cargo in a user's folder, without what is set for ours.
pub(crate) fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_NET_OFFLINE", "true");
    without_ours(&mut cargo);
    cargo
}

/// Cargo in a user's folder whose dependencies are none of this workspace, and may not be there. Where `SSOT_REQUIRE` names
/// `model-clients`, it downloads them; else there is none where they are missing, and the test is skipped.
pub(crate) fn cargo_with_downloads(folder: &Path, dependencies: &str) -> Option<Command> {
    let required = env::var("SSOT_REQUIRE").unwrap_or_default();
    let mut run = cargo(folder);
    if required.split(',').any(|required| required == "model-clients") {
        run.env_remove("CARGO_NET_OFFLINE");
        return Some(run);
    }
    let fetched = cargo(folder).args(["fetch", "--quiet"]).status().unwrap();
    if !fetched.success() {
        let reason = format!(
            "skipped: not downloaded: {dependencies}; SSOT_REQUIRE=model-clients downloads what is missing\n"
        );
        std::io::stderr().write_all(reason.as_bytes()).unwrap();
        return None;
    }
    Some(run)
}

pub(crate) fn without_ours(command: &mut Command) {
    for name in OURS {
        command.env_remove(name);
    }
    // What cargo or nextest told this test program is not meant for another's.
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("NEXTEST") {
            command.env_remove(name);
        }
    }
}
