use std::path::PathBuf;

use super::at_base::AtBase;
use super::base::Base;
use super::proof::subjects;
use super::recording::{Recorded, Recording};
use super::report::Report;
use super::worktree;
use crate::build::build;
use crate::error::Error;
use crate::exit::Exit;
use crate::git::Git;
use crate::interrupt;
use crate::junit;
use crate::session::{Building, Common};

/// Show that tests fail before the fix, as they declare, and pass here
///
/// The tests of the work tree, committed or not, are taken to the base revision, in a worktree that is removed afterwards: each
/// package's `tests` folder, with `fixtures`, `snapshots`, `testdata` and `test-data` beside it, and its dev-dependencies. The
/// product there is the base's. Tests that fail there as declared and pass here are recorded in the ledger as proven. Ends with
/// 1 where a test is not proven.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only tests that have this in their path, `crate::module::name`
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,

    /// The revision before the fix [default: where HEAD left the main branch]
    #[arg(long, value_name = "REV")]
    base: Option<String>,

    /// How often to run each test on both sides; every run counts
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    repeat: u32,

    /// Keep the base's worktree, and say where it is
    #[arg(long)]
    keep: bool,

    /// Write the verdicts as JUnit XML too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    #[command(flatten)]
    building: Building,

    #[command(flatten)]
    pub(crate) common: Common,
}

/// `cargo ssot prove`
pub(crate) fn prove(args: &Args) -> Result<Exit, Error> {
    let mut session = args.common.open(&args.building)?;
    session.options.keep_going = true;
    let git = Git::at(&session.project.root)?;
    let base = Base::find(&git, args.base.as_deref())?;
    interrupt::watch()?;
    worktree::prune(&git)?;
    let dirty = git.is_dirty()?;
    if dirty {
        let note = "the work tree holds what is not committed: its tests are taken as they are";
        session.progress.note(note);
    }
    // Before cargo is called, which may complete the lock file.
    let recording = Recording::of(&git, &base);
    let built = build(&session.project, &session.options, &session.progress);
    interrupt::check()?;
    let built = built?;
    let subjects = subjects(&built, &args.filters)?;
    let at_base = AtBase {
        git: &git,
        base: &base,
        project: &session.project,
        options: &session.options,
        runner: session.runner,
        repeat: args.repeat,
        keep: args.keep,
        progress: &session.progress,
    };
    let proofs = at_base.proofs(subjects);
    // Whatever it came to, an interruption may have spoilt it.
    interrupt::check()?;
    let proofs = proofs?;
    let recorded: Vec<Result<Recorded, Error>> = proofs.iter().map(|proof| recording.record(proof)).collect();
    let report = Report::of(&session.project, &base, dirty, &proofs, &recorded);
    if session.output.is_json() {
        session.output.value(&report)?;
    } else {
        session.output.text(&report.text())?;
    }
    if let Some(file) = &args.junit {
        junit::write(file, "cargo ssot prove", &report.junit())?;
    }
    for recorded in recorded {
        recorded?;
    }
    Ok(if report.is_proof() {
        Exit::Fine
    } else {
        Exit::Findings
    })
}
