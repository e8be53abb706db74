//! That `cargo ssot prove` leaves nothing behind, however it ends.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

use tempfile::TempDir;

use crate::projects::{Project, Ran};

/// A proof while its test runs at the base, where it waits for ever.
struct Begun {
    command: Child,
    stderr: BufReader<ChildStderr>,
    /// The process of the test.
    test: String,
}

impl Begun {
    fn new(project: &Project, temporary: &TempDir) -> Self {
        Self::with(project, temporary, |_| {})
    }

    fn with(project: &Project, temporary: &TempDir, set: impl FnOnce(&mut Command)) -> Self {
        let outside = TempDir::new().unwrap();
        let pipe = outside.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let mut command = project.command(&["prove"]);
        command
            .env("TMPDIR", temporary.path())
            .env("PROVE_ENDS_PIPE", &pipe)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        set(&mut command);
        let mut command = command.spawn().unwrap();
        let mut stderr = BufReader::new(command.stderr.take().unwrap());
        let mut said = String::new();
        // Once here, and once there.
        while said.matches("running a fail-first test").count() < 2 {
            assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "it ended: {said}");
        }
        let test = fs::read_to_string(&pipe).unwrap();
        Self {
            command,
            stderr,
            test,
        }
    }

    /// Sends what ctrl-C sends, to everybody on the terminal, and once more while the command tidies up.
    fn ended_by_ctrl_c_twice(mut self, tidying: &Path) -> (Option<i32>, String) {
        let group = format!("-{}", self.command.id());
        kill("-INT", &group);
        let mut said = String::new();
        while !tidying.exists() {
            if let Some(status) = self.command.try_wait().unwrap() {
                self.stderr.read_to_string(&mut said).unwrap();
                return (status.code(), said);
            }
            thread::sleep(Duration::from_millis(2));
        }
        kill("-INT", &group);
        self.stderr.read_to_string(&mut said).unwrap();
        (self.command.wait().unwrap().code(), said)
    }

    /// Sends a signal; gives the exit status and what it said after that.
    fn ended_by(mut self, signal: &str) -> (Option<i32>, String) {
        kill(signal, &self.command.id().to_string());
        if signal == "-KILL" {
            kill(signal, &self.test);
        }
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).unwrap();
        (self.command.wait().unwrap().code(), said)
    }
}

/// What a test that failed leaves is ended as well.
impl Drop for Begun {
    fn drop(&mut self) {
        if matches!(self.command.try_wait(), Ok(None)) {
            // Either may have ended meanwhile.
            drop(Command::new("kill").args(["-KILL", &self.test]).status());
            drop(self.command.kill());
        }
    }
}

fn kill(signal: &str, process: &str) {
    let kill = Command::new("kill").args([signal, "--", process]).status();
    assert!(kill.unwrap().success());
}

fn waits_for_ever() -> Project {
    let project = Project::package("prove-ends");
    project.commit("the fault");
    project.git(&["switch", "--quiet", "--create", "fix"]);
    project.write("served/histories", "fine");
    project.write(
        "tests/waits.rs",
        "#[ssot_harness::test(timeout = \"off\", fail_first(issue = \"shop#1\", expect_message = \"shared\"))]\n\
         async fn it_waits_for_ever_without_the_fix() {\n    if prove_ends::serve(\"histories\") != \"fine\" {\n        \
         let pipe = std::env::var(\"PROVE_ENDS_PIPE\").expect(\"shared\");\n        \
         std::fs::write(pipe, std::process::id().to_string()).unwrap();\n        \
         std::future::pending::<()>().await;\n    }\n}\n",
    );
    project.commit("the fix");
    project
}

#[test]
fn nothing_is_left_behind_however_it_ends() {
    let project = waits_for_ever();
    let temporary = TempDir::new().unwrap();
    let worktrees = || {
        let folders = fs::read_dir(temporary.path()).unwrap().count();
        (project.git(&["worktree", "list"]).lines().count() - 1, folders)
    };
    let prove_nothing = || {
        let mut prove = project.command(&["prove", "nothing_like_it"]);
        let ran = Ran::of(prove.env("TMPDIR", temporary.path()));
        assert_eq!(ran.code, 2, "{}", ran.err);
    };
    for signal in ["-INT", "-TERM"] {
        let begun = Begun::new(&project, &temporary);
        prove_nothing();
        assert_eq!(worktrees(), (1, 1), "another proof leaves it alone: {signal}");
        let (code, said) = begun.ended_by(signal);
        assert_eq!(code, Some(130), "{signal}: {said}");
        assert!(said.contains("interrupted"), "{said}");
        assert_eq!(worktrees(), (0, 0), "{signal}: {said}");
    }
    assert!(!project.path().join("fail-first").exists());

    let begun = Begun::new(&project, &temporary);
    begun.ended_by("-KILL");
    assert_eq!(worktrees(), (1, 1), "it had no chance");
    prove_nothing();
    assert_eq!(worktrees(), (0, 0), "the next proof removes it");

    let kept = Ran::of(
        project
            .command(&["prove", "--keep"])
            .env("TMPDIR", temporary.path()),
    );
    assert_eq!(kept.code, 0, "{}{}", kept.out, kept.err);
    prove_nothing();
    assert_eq!(worktrees(), (1, 1), "{}", kept.err);
    let (_, folder) = kept.err.split_once("the base is kept: ").unwrap();
    assert!(fs::metadata(folder.trim_end()).unwrap().is_dir());
}

/// A git that says when it removes a worktree, and takes its time.
fn slow_git(folder: &Path, tidying: &Path) {
    let found = env::split_paths(&env::var_os("PATH").unwrap())
        .map(|folder| folder.join("git"))
        .find(|git| git.is_file())
        .unwrap();
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *'worktree remove'*) : > '{}'; sleep 0.7;; esac\nexec '{}' \"$@\"\n",
        tidying.display(),
        found.display()
    );
    let git = folder.join("git");
    fs::write(&git, script).unwrap();
    fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_second_ctrl_c_while_it_tidies_up_leaves_nothing_behind() {
    let project = waits_for_ever();
    let (temporary, tools) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let tidying = tools.path().join("tidying");
    slow_git(tools.path(), &tidying);
    let path = format!("{}:{}", tools.path().display(), env::var("PATH").unwrap());
    let begun = Begun::with(&project, &temporary, |command| {
        command.env("PATH", path).process_group(0);
    });
    let (code, said) = begun.ended_by_ctrl_c_twice(&tidying);
    assert!(tidying.exists(), "{said}");
    assert_eq!(code, Some(130), "{said}");
    let worktrees = project.git(&["worktree", "list"]);
    assert_eq!(worktrees.lines().count(), 1, "{worktrees}\n{said}");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0, "{said}");
    assert!(!said.contains("cannot be removed"), "{said}");
}
