//! Hunts for the fault of every legacy engine and system, and clears the reference by the same checks.

mod args;
// By path, as tests include it too: so that its own module is found beside it either way.
#[path = "hunts.rs"]
mod hunts;
mod outcome;
mod promises;
mod rows;
mod table;

use std::num::NonZero;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use args::Command;
use hunts::{HUNTS, Hunt, Tuning};
use outcome::{Outcome, Side};
use ssot_harness::reference::legacy::Legacy;

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
    let hunts = HUNTS
        .iter()
        .filter(|hunt| only.is_none_or(|slug| slug == hunt.legacy.slug()))
        .flat_map(|hunt| [Side::Legacy, Side::Reference].map(|side| (hunt, side)));
    // What races threads has the cores to itself.
    let (racing, others): (Vec<_>, Vec<_>) = hunts.partition(|(hunt, _)| hunt.legacy == Legacy::ParallelOnly);
    let mut outcomes = on_all_cores(&others, |&(hunt, side)| run_aloud(hunt, side, tuning));
    outcomes.extend(
        racing
            .into_iter()
            .map(|(hunt, side)| run_aloud(hunt, side, tuning)),
    );
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

/// What `work` makes of each item, in the order of the items, on as many threads as there are cores.
fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return done };
            done.push((index, work(item)));
        }
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(take)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a hunt catches what panics in it"))
            .collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn run_aloud(hunt: &'static Hunt, side: Side, tuning: Tuning) -> Outcome {
    let outcome = run(hunt, side, tuning);
    // A whole line at once: others may print meanwhile.
    eprintln!(
        "row {:02} {:<22} {side:<9} … {} in {} executions",
        hunt.legacy.row(),
        hunt.legacy,
        outcome.verdict(),
        outcome.executions()
    );
    outcome
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
