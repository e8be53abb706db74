use std::process::Command;
use std::{fs, path};

use indexmap::{IndexMap, IndexSet};
use ssot_harness::__command::{Record, read_records};
use tempfile::TempDir;

use crate::error::{Error, ErrorKind};
use crate::options::{BuildOptions, Runner};
use crate::program::{Program, TestRef};
use crate::progress::{Phase, Progress};
use crate::project::{Package, Project};
use crate::tool::{Said, cargo, watch};

/// How much of a command line the names of tests may take, in bytes: Windows has room for 32 KiB.
const ROOM: usize = 24 * 1024;

/// Runs each of these tests once, with whatever else has exactly its name in its program; gives what fail-first tests came
/// to. One that was ignored, or whose process died, leaves no record.
///
/// # Errors
///
/// Where the runner cannot run, or fails before any test has left a record.
pub(crate) fn run(
    project: &Project,
    tests: &[TestRef<'_>],
    runner: Runner,
    options: &BuildOptions,
    progress: &Progress,
) -> Result<Vec<Record>, Error> {
    if tests.is_empty() {
        return Ok(Vec::new());
    }
    let what = if tests.len() == 1 {
        "running a fail-first test".to_owned()
    } else {
        format!("running {} fail-first tests", tests.len())
    };
    let phase = progress.phase(what);
    let folder = record_folder(project, options)?;
    let mut failed = None;
    for chunk in chunks(tests) {
        let said = chunk.run(project, runner, options, &folder, &phase)?;
        if !said.success {
            failed = Some(said);
        }
    }
    let records = read_records(folder.path()).map_err(|error| Error::unreadable(folder.path(), error))?;
    match failed {
        // Tests that record pass; a runner that failed, but ran some, lost a program on its way, whose tests never ran.
        Some(said) if records.is_empty() => Err(Error::new(
            ErrorKind::Run,
            format!("{} could not run the tests", runner.command()),
            runner.remedy(),
        )
        .with_details(said.end())),
        _ => Ok(records),
    }
}

/// Below the target folder, where nobody minds what a killed command leaves behind.
fn record_folder(project: &Project, options: &BuildOptions) -> Result<TempDir, Error> {
    let target = options.target_dir.as_ref().unwrap_or(&project.target_folder);
    let folder = path::absolute(target.join("ssot")).map_err(|error| Error::unwritable(target, error))?;
    fs::create_dir_all(&folder)
        .and_then(|()| tempfile::Builder::new().prefix("records-").tempdir_in(&folder))
        .map_err(|error| Error::unwritable(&folder, error))
}

/// As many tests as fit into one command line.
#[derive(Default)]
struct Chunk<'a> {
    programs: IndexMap<&'a path::Path, &'a Program>,
    names: IndexSet<&'a str>,
    length: usize,
}

fn chunks<'a>(tests: &[TestRef<'a>]) -> Vec<Chunk<'a>> {
    let mut chunks: Vec<Chunk<'a>> = vec![Chunk::default()];
    for TestRef { program, declared } in tests {
        // `test(=` … `) | ` around each, at the most, and a few words for its program.
        let length = declared.test.len() + 10 + program.target.len() + 10;
        if chunks.last().is_some_and(|chunk| chunk.length + length > ROOM) {
            chunks.push(Chunk::default());
        }
        if let Some(chunk) = chunks.last_mut() {
            chunk.programs.insert(&program.executable, program);
            chunk.names.insert(&declared.test);
            chunk.length += length;
        }
    }
    chunks
}

impl Chunk<'_> {
    fn run(
        &self,
        project: &Project,
        runner: Runner,
        options: &BuildOptions,
        folder: &TempDir,
        phase: &Phase,
    ) -> Result<Said, Error> {
        let mut command = self.command(runner, options);
        command
            .current_dir(&project.root)
            .env("SSOT_RECORD", folder.path());
        watch(&mut command, phase).map_err(|error| {
            let what = format!("{} cannot be started", runner.command());
            Error::new(ErrorKind::Run, what, "see that it is in PATH").because(error)
        })
    }

    fn command(&self, runner: Runner, options: &BuildOptions) -> Command {
        let mut command = cargo();
        match runner {
            Runner::Cargo => command.args(["test", "--no-fail-fast"]),
            Runner::Nextest => command.args([
                "nextest",
                "run",
                "--no-fail-fast",
                "--no-tests=pass",
                "--color=never",
            ]),
        };
        let packages: IndexMap<&str, &Package> = self
            .programs
            .values()
            .map(|program| (&*program.package.id, &program.package))
            .collect();
        let packages: Vec<&Package> = packages.into_values().collect();
        options.apply(&mut command, runner, &packages);
        // By name, for another program may know nothing of `--exact`: not every one is libtest's.
        let selectors: IndexSet<Vec<&str>> = self
            .programs
            .values()
            .map(|program| program.kind.selector(&program.target))
            .collect();
        command.args(selectors.iter().flatten());
        match runner {
            Runner::Cargo => {
                command.args(["--", "--exact"]).args(&self.names);
            }
            Runner::Nextest => {
                let matchers: Vec<String> = self.names.iter().map(|name| format!("test(={name})")).collect();
                command.arg("-E").arg(matchers.join(" | "));
            }
        }
        command
    }
}

impl Runner {
    fn remedy(self) -> &'static str {
        match self {
            Self::Cargo => "see that it works by itself, and call this again",
            Self::Nextest => {
                "see that it works by itself, or install it, `cargo install cargo-nextest --locked`, and call this again"
            }
        }
    }

    fn command(self) -> &'static str {
        match self {
            Self::Cargo => "cargo test",
            Self::Nextest => "cargo nextest",
        }
    }
}
