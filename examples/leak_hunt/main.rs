//! Hunts for the fault of every legacy engine and system, and clears the reference by the same checks.

mod args;
// By path, as tests include it too: so that its own module is found beside it either way.
#[path = "hunts.rs"]
mod hunts;
mod outcome;
mod promises;
mod rows;
mod table;

use std::process::ExitCode;
use std::time::Instant;

use args::Command;
use hunts::{HUNTS, Hunt, Tuning};
use outcome::{Outcome, Side};

fn main() -> ExitCode {
    match args::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => {
            println!("{}", args::HELP);
            ExitCode::SUCCESS
        }
        Ok(Command::Hunt { tuning, only }) => hunt_all(tuning, only.as_deref()),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn hunt_all(tuning: Tuning, only: Option<&str>) -> ExitCode {
    let mut outcomes = Vec::new();
    for hunt in HUNTS
        .iter()
        .filter(|hunt| only.is_none_or(|slug| slug == hunt.legacy.slug()))
    {
        for side in [Side::Legacy, Side::Reference] {
            let outcome = run(hunt, side, tuning);
            // A whole line at once: a long search shows its own progress on the line at hand.
            eprintln!(
                "row {:02} {:<22} {side:<9} … {} in {} executions",
                hunt.legacy.row(),
                hunt.legacy,
                outcome.verdict(),
                outcome.executions()
            );
            outcomes.push(outcome);
        }
    }
    if !outcomes.is_empty() {
        println!("{}", table::of(&outcomes));
    }
    let are_kept = promises::hunt_all(tuning, only);
    if let Some(report) = most_telling(&outcomes) {
        println!("{report}");
    }
    if outcomes.iter().all(Outcome::is_right) && are_kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run(hunt: &'static Hunt, side: Side, tuning: Tuning) -> Outcome {
    let begun = Instant::now();
    let verdict = match side {
        Side::Legacy => hunt.check(tuning),
        Side::Reference => hunt.clears_reference(tuning),
    };
    Outcome {
        hunt,
        side,
        verdict,
        time: begun.elapsed(),
    }
}

/// The report of what went wrong, or else of the fault that took most preemptions.
fn most_telling(outcomes: &[Outcome]) -> Option<String> {
    let worth = |outcome: &&Outcome| (!outcome.is_right(), outcome.preemptions());
    let telling = outcomes
        .iter()
        .filter(|outcome| outcome.verdict.is_err())
        .max_by_key(worth)?;
    telling
        .verdict
        .as_ref()
        .err()
        .map(|failure| format!("{failure:?}"))
}
