use crate::build::build;
use crate::error::Error;
use crate::exit::Exit;
use crate::listing::Listing;
use crate::outcomes::Outcomes;
use crate::program::TestRef;
use crate::run::run;
use crate::session::{Building, Common};
use crate::survey::survey;

/// List the fail-first tests: whether they are red or green, for which issue, since when
///
/// The test programs are built and read, not run: whether a test does what the ledger says shows with --run. Ends with 1 where
/// a test is unproven, stale or regressed, or a file of the ledger is unreadable or without its test.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only tests that have this in their path, `crate::module::name`
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,

    /// Run the tests too, so that those show that regressed, or can be accepted
    #[arg(long)]
    run: bool,

    #[command(flatten)]
    building: Building,

    #[command(flatten)]
    pub(crate) common: Common,
}

/// `cargo ssot status`
pub(crate) fn status(args: &Args) -> Result<Exit, Error> {
    let session = args.common.open(&args.building)?;
    let built = build(&session.project, &session.options, &session.progress)?;
    let survey = survey(&session, &built, &args.filters)?;
    let outcomes = if args.run {
        let tests: Vec<TestRef<'_>> = survey.tests.iter().map(|test| test.at).collect();
        Some(Outcomes::of(run(
            &session.project,
            &tests,
            session.runner,
            &session.options,
            &session.progress,
        )?))
    } else {
        None
    };
    let listing = Listing::of(&session, &survey, outcomes.as_ref());
    if session.output.is_json() {
        session.output.value(&listing)?;
    } else {
        session.output.text(&listing.text())?;
    }
    Ok(if listing.is_fine() {
        Exit::Fine
    } else {
        Exit::Findings
    })
}
