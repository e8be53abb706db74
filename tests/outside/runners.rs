use std::ffi::OsStr;
use std::io::Write as _;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use tempfile::TempDir;

use crate::crates::{Crate, cargo, profile, without_ours};

/// Who runs tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runner {
    /// Libtest, with a thread for each test.
    Threads,
    /// Libtest, with one test after another on its main thread.
    OneThread,
    /// Nextest, with a process for each test.
    Nextest,
}

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) passed: bool,
    /// Everything that was printed.
    pub(crate) said: String,
    /// What the tests noted in their file, line by line.
    pub(crate) witnessed: Vec<String>,
}

impl Runner {
    /// Those that there are here. Nextest may be missing, unless `SSOT_REQUIRE` names it.
    pub(crate) fn all() -> Vec<Self> {
        let nextest = Command::new(env!("CARGO"))
            .args(["nextest", "--version"])
            .output();
        if nextest.is_ok_and(|output| output.status.success()) {
            return vec![Self::Threads, Self::OneThread, Self::Nextest];
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
        vec![Self::Threads, Self::OneThread]
    }

    /// Starts the test of that name, or those of a module whose name ends in `::`.
    fn start(self, tests: &Crate, filter: &str, environment: &[(&str, &OsStr)]) -> Child {
        let is_module = filter.is_empty() || filter.ends_with("::");
        let mut command = match self {
            Self::Threads | Self::OneThread => {
                let mut program = Command::new(tests.program());
                let threads = if self == Self::Threads { "6" } else { "1" };
                program.args([filter, "--test-threads", threads]);
                if !is_module {
                    program.arg("--exact");
                }
                // As cargo tells a test program.
                program
                    .current_dir(tests.copy())
                    .env("CARGO_MANIFEST_DIR", tests.copy());
                program
            }
            Self::Nextest => {
                let mut nextest = cargo(&tests.copy());
                nextest.args([
                    "nextest",
                    "run",
                    "--no-fail-fast",
                    "--color=never",
                    "--failure-output=immediate",
                ]);
                nextest.args([
                    "--success-output=never",
                    "--cargo-profile",
                    &profile(),
                    "--test",
                    tests.test,
                ]);
                let tests = match filter {
                    "" => "all()".to_owned(),
                    module if is_module => format!("test(~{module})"),
                    test => format!("test(={test})"),
                };
                nextest.args(["-E", &tests]);
                nextest
            }
        };
        without_ours(&mut command);
        command
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Runs the test of that name, or those of a module.
    pub(crate) fn run(self, tests: &Crate, filter: &str) -> Ran {
        self.run_and(tests, filter, |_, _| {})
    }

    /// Runs the test, and sends the runner this signal as soon as it has noted that it is `ready`.
    pub(crate) fn run_and_signal(self, tests: &Crate, filter: &str, signal: &str) -> Ran {
        self.run_and(tests, filter, |runner, witness| {
            let begun = Instant::now();
            while !fs::read_to_string(witness).is_ok_and(|noted| noted.contains("ready")) {
                assert!(begun.elapsed() < Duration::from_secs(60), "no test is ready");
                thread::sleep(Duration::from_millis(2));
            }
            let sent = Command::new("kill")
                .args(["-s", signal, &runner.id().to_string()])
                .status();
            assert!(sent.unwrap().success());
        })
    }

    /// Runs the test of that name, or those of a module, with this in their environment.
    pub(crate) fn run_with(self, tests: &Crate, filter: &str, environment: &[(&str, &OsStr)]) -> Ran {
        self.run_with_and(tests, filter, environment, |_, _| {})
    }

    fn run_and(self, tests: &Crate, filter: &str, meanwhile: impl FnOnce(&Child, &OsStr)) -> Ran {
        self.run_with_and(tests, filter, &[], meanwhile)
    }

    fn run_with_and(
        self,
        tests: &Crate,
        filter: &str,
        environment: &[(&str, &OsStr)],
        meanwhile: impl FnOnce(&Child, &OsStr),
    ) -> Ran {
        let folder = TempDir::new().unwrap();
        let witness = folder.path().join("witness");
        let environment = [environment, &[("WITNESS", witness.as_os_str())]].concat();
        let runner = self.start(tests, filter, &environment);
        meanwhile(&runner, witness.as_os_str());
        let Output {
            status,
            stdout,
            stderr,
        } = runner.wait_with_output().unwrap();
        let said = [stdout, stderr].concat();
        Ran {
            passed: status.success(),
            said: String::from_utf8_lossy(&said).into_owned(),
            witnessed: fs::read_to_string(&witness)
                .unwrap_or_default()
                .lines()
                .map(str::to_owned)
                .collect(),
        }
    }
}

impl Ran {
    /// What the harness says of a failing test.
    pub(crate) fn report(&self) -> String {
        let indented = self.said.lines().any(|line| line.starts_with("    Error: "));
        let lines: Vec<&str> = self
            .said
            .lines()
            // Nextest indents what a test prints.
            .map(|line| match indented {
                true if line.is_empty() => line,
                true => line.strip_prefix("    ").unwrap_or("────"),
                false => line,
            })
            .skip_while(|line| !line.starts_with("Error: "))
            .take_while(|line| !is_the_runners(line))
            .collect();
        lines.join("\n").trim_end().to_owned()
    }
}

fn is_the_runners(line: &str) -> bool {
    ["failures:", "---- ", "────", "test result:", "(test aborted"]
        .iter()
        .any(|mark| line.starts_with(mark))
}

/// Has the test fail under every runner, with these words, and by no fault of the harness.
pub(crate) fn assert_fails_everywhere(tests: &Crate, test: &str, words: &[&str]) -> Vec<Ran> {
    let runs: Vec<_> = Runner::all()
        .into_iter()
        .map(|runner| {
            let ran = runner.run(tests, test);
            assert!(!ran.passed, "{runner:?}\n{}", ran.said);
            for words in words {
                assert!(ran.said.contains(words), "{runner:?}: {words}\n{}", ran.said);
            }
            assert!(
                !ran.said.contains("the harness panicked"),
                "{runner:?}\n{}",
                ran.said
            );
            ran
        })
        .collect();
    runs
}
