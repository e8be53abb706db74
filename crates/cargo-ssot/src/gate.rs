use std::path::PathBuf;

use crate::build::build;
use crate::error::Error;
use crate::exit::Exit;
use crate::junit;
use crate::listing::Listing;
use crate::outcomes::Outcomes;
use crate::program::TestRef;
use crate::run::run;
use crate::session::{Building, Common};
use crate::survey::survey;

const EXAMPLES: &str = "\
Examples:
  in CI                           cargo ssot gate
  stop at the step that broke it  git rebase --exec 'cargo ssot gate' <base>
  find the step that broke it     git bisect run cargo ssot gate --bisect";

/// Run the fail-first tests, and fail unless each is as the ledger has it
///
/// Red tests that fail as they declare are fine. What is not: tests that are unproven, stale, regressed, not accepted yet, that
/// fail in another way or were not run, and files of the ledger that are unreadable or without their test.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Only tests that have this in their path, `crate::module::name`
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,

    /// End with 125, not 2 or 3, where nothing can be judged: `git bisect run` skips the revision
    #[arg(long)]
    pub(crate) bisect: bool,

    /// Write the results as JUnit XML too; expected failures are told as skipped, of type `expected-failure`
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    #[command(flatten)]
    building: Building,

    #[command(flatten)]
    pub(crate) common: Common,
}

/// `cargo ssot gate`
pub(crate) fn gate(args: &Args) -> Result<Exit, Error> {
    let session = args.common.open(&args.building)?;
    let built = build(&session.project, &session.options, &session.progress)?;
    let survey = survey(&session, &built, &args.filters)?;
    let tests: Vec<TestRef<'_>> = survey.tests.iter().map(|test| test.at).collect();
    let records = run(
        &session.project,
        &tests,
        session.runner,
        &session.options,
        &session.progress,
    )?;
    let listing = Listing::of(&session, &survey, Some(&Outcomes::of(records)));
    if let Some(file) = &args.junit {
        junit::write(file, "cargo ssot gate", &listing.junit())?;
    }
    if session.output.is_json() {
        session.output.value(&listing)?;
    } else {
        let findings = listing.findings();
        let gap = if findings.is_empty() { "" } else { "\n" };
        session.output.text(&(findings + gap + &listing.count()))?;
    }
    Ok(if listing.is_fine() {
        Exit::Fine
    } else {
        Exit::Findings
    })
}
