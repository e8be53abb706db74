use std::io;

use ssot_harness::__command::{Entry, Green, RunLocation, Seen, State, head};

use super::ask::{Answer, ask};
use super::told::{Told, Why};
use crate::build::build;
use crate::error::{Error, ErrorKind};
use crate::exit::Exit;
use crate::judge::Verdict;
use crate::outcomes::{Outcomes, Ran};
use crate::program::TestRef;
use crate::run::run;
use crate::session::{Building, Common};
use crate::survey::{Known, Test, survey};

/// Run the red tests, and turn those green that now pass
///
/// A green test is a regression test from then on: it fails where its fault is back. Tests that still fail as they declare stay
/// red. What was edited since it was red, or never was, has to be proven: `cargo ssot prove`. Nothing is accepted where CI is
/// set.
///
/// Ends with 1 where a red test fails in another way or was not run, or a test that the filter means was not accepted.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only tests that have this in their path, `crate::module::name`
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,

    /// Ask for each test, on standard input
    #[arg(long, short, conflicts_with = "json")]
    interactive: bool,

    #[command(flatten)]
    building: Building,

    #[command(flatten)]
    pub(crate) common: Common,
}

/// `cargo ssot accept`
pub(crate) fn accept(args: &Args) -> Result<Exit, Error> {
    if RunLocation::of_this_process() == RunLocation::Ci {
        return Err(Error::new(
            ErrorKind::Ci,
            "nothing is accepted where CI is set",
            "accept where somebody has seen the fix, and commit the ledger; `cargo ssot gate` is for CI",
        ));
    }
    let session = args.common.open(&args.building)?;
    let built = build(&session.project, &session.options, &session.progress)?;
    let survey = survey(&session, &built, &args.filters)?;
    let red: Vec<TestRef<'_>> = survey
        .tests
        .iter()
        .filter(|test| matches!(test.known, Known::State(State::Red(_))))
        .map(|test| test.at)
        .collect();
    let records = run(
        &session.project,
        &red,
        session.runner,
        &session.options,
        &session.progress,
    )?;
    let outcomes = Outcomes::of(records);
    // Once, for what is written has the work tree changed.
    let revision = head(&session.project.root);
    let mut told = Told::default();
    let mut has_quit = false;
    for test in &survey.tests {
        let ran = match &test.known {
            Known::State(State::Red(_)) => outcomes.of_test(test.at),
            _ => Ran::NotAsked,
        };
        let verdict = Verdict::of(test, ran);
        let why = if verdict != Verdict::ToAccept {
            Some(Why::Verdict(verdict, ran))
        } else if has_quit {
            Some(Why::NotAsked)
        } else if args.interactive {
            match ask(
                test.at.declared,
                &mut io::stdin().lock(),
                &mut io::stderr().lock(),
            )? {
                Answer::Yes => None,
                Answer::No => Some(Why::Declined),
                Answer::Quit => {
                    has_quit = true;
                    Some(Why::NotAsked)
                }
            }
        } else {
            None
        };
        match why {
            Some(why) => told.left(test, why),
            None => match turn_green(test, revision.clone()) {
                Ok(()) => told.accepted(test),
                Err(error) => told.left(test, Why::NotWritten(error)),
            },
        }
    }
    if session.output.is_json() {
        session.output.value(&told)?;
    } else {
        session.output.text(&told.text())?;
    }
    Ok(told.exit(!args.filters.is_empty()))
}

fn turn_green(test: &Test<'_>, revision: Option<String>) -> Result<(), String> {
    let surveyed = test.entry().ok_or("there is nothing on record of it")?;
    let now = test.at.declared;
    let turned = |entry: Option<Entry>| {
        let entry = entry.filter(|entry| entry == surveyed)?;
        // What has just passed is what it stands on now.
        let entry = entry.standing_on(now.target, now.covers.clone());
        Some(entry.turned_green(Green {
            revision,
            seen: Seen::Run,
        }))
    };
    match test.at.ledger().update(&test.at.ledger_file(), turned) {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err("its file has changed since it was read: run `cargo ssot accept` again".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
