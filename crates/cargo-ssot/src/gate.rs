use std::path::PathBuf;

use crate::audit::{self, Audited};
use crate::build::build;
use crate::error::{Error, ErrorKind};
use crate::exit::Exit;
use crate::junit;
use crate::listing::Listing;
use crate::outcomes::Outcomes;
use crate::program::TestRef;
use crate::run::run;
use crate::session::{Building, Common, Session};
use crate::survey::survey;

const EXAMPLES: &str = "\
Examples:
  in CI                           cargo ssot gate
  stop at the step that broke it  git rebase --exec 'cargo ssot gate' <base>
  find the step that broke it     git bisect run cargo ssot gate --bisect";

/// Run the fail-first tests and the audit, and fail unless each test is as the ledger has it and nothing new is found
///
/// Red tests that fail as they declare are fine. What is not: tests that are unproven, stale, regressed, not accepted yet, that
/// fail in another way or were not run, and files of the ledger that are unreadable or without their test.
///
/// Where the workspace has an `ssot.toml` and no FILTER is given, the sources are audited as by `cargo ssot audit --locked`.
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
    let audited = if args.filters.is_empty() {
        audit::gate(&session.project.root)?
    } else {
        None
    };
    let listing = match (tests(args, &session), &audited) {
        // A project may have an audit and no tests yet.
        (Err(error), Some(_)) if matches!(error.kind(), ErrorKind::NoTests | ErrorKind::NoHarness) => None,
        (listing, _) => Some(listing?),
    };
    tell(&session, listing.as_ref(), audited.as_ref())?;
    let fine =
        listing.is_none_or(|listing| listing.is_fine()) && audited.is_none_or(|audited| audited.is_fine());
    Ok(if fine { Exit::Fine } else { Exit::Findings })
}

/// Runs the tests.
fn tests(args: &Args, session: &Session) -> Result<Listing, Error> {
    let built = build(&session.project, &session.options, &session.progress)?;
    let survey = survey(session, &built, &args.filters)?;
    let tests: Vec<TestRef<'_>> = survey.tests.iter().map(|test| test.at).collect();
    let records = run(
        &session.project,
        &tests,
        session.runner,
        &session.options,
        &session.progress,
    )?;
    let listing = Listing::of(session, &survey, Some(&Outcomes::of(records)));
    if let Some(file) = &args.junit {
        junit::write(file, "cargo ssot gate", &listing.junit())?;
    }
    Ok(listing)
}

fn tell(session: &Session, listing: Option<&Listing>, audited: Option<&Audited>) -> Result<(), Error> {
    if session.output.is_json() {
        let mut value = match listing {
            Some(listing) => serde_json::to_value(listing).expect("a listing has text keys only"),
            None => serde_json::json!({ "version": 1, "ok": true, "tests": [], "orphans": [] }),
        };
        if let Some(audited) = audited {
            let fine = value["ok"] == true && audited.is_fine();
            value["ok"] = fine.into();
            value["audit"] = audited.json();
        }
        return session.output.value(&value);
    }
    let mut texts: Vec<String> = Vec::new();
    texts.extend(audited.map(Audited::text));
    if let Some(listing) = listing {
        let findings = listing.findings();
        let gap = if findings.is_empty() { "" } else { "\n" };
        texts.push(findings + gap + &listing.count());
    }
    session.output.text(&texts.join("\n"))
}
