//! What was found, shape by shape, as a table.

use ssot_harness::prelude::*;

use crate::check::check;
use crate::found::{EXECUTIONS, Found, find};
use crate::shapes::{Depth, Shape, all, deep};
use crate::table::Table;

/// Every shape, each with so many seeds: executions up to the first leak by the portfolio alone, and the depth of what
/// the shrinker left.
#[must_use]
pub fn found(seeds: u64) -> Table {
    let mut table = Table::new(&[
        "shape", "users", "depth", "found", "median", "p90", "most", "shrunk", "attempts",
    ]);
    for shape in all().into_iter().chain(deep()) {
        let runs: Vec<Found> = (0..seeds).filter_map(|seed| find(shape, seed)).collect();
        let executions = sorted(runs.iter().map(|found| found.executions));
        let shrunk: Vec<_> = runs.iter().filter_map(|found| found.shrunk.as_ref()).collect();
        let attempts = shrunk.iter().map(|shrunk| shrunk.attempts).max();
        table.push([
            shape.name.to_owned(),
            shape.users.to_string(),
            in_words(shape.depth),
            format!("{} of {seeds}", runs.len()),
            quantile(&executions, 50),
            quantile(&executions, 90),
            quantile(&executions, 100),
            depths(shrunk.iter().map(|shrunk| shrunk.depth)),
            attempts.map_or_else(|| "-".to_owned(), |attempts| attempts.to_string()),
        ]);
    }
    table
}

/// The same by a whole check, whose enumeration goes first: executions up to the first leak.
#[must_use]
pub fn checks(seeds: u64) -> Table {
    let mut table = Table::new(&["shape", "users", "depth", "found", "median", "p90", "most"]);
    for shape in all().into_iter().chain(deep()) {
        let executions = sorted((0..seeds).filter_map(|seed| executions_of_check(shape, seed)));
        table.push([
            shape.name.to_owned(),
            shape.users.to_string(),
            in_words(shape.depth),
            format!("{} of {seeds}", executions.len()),
            quantile(&executions, 50),
            quantile(&executions, 90),
            quantile(&executions, 100),
        ]);
    }
    table
}

/// How many executions a whole check takes to find a shape.
fn executions_of_check(shape: Shape, seed: u64) -> Option<u64> {
    let (executions, race) = if shape.needs.threads {
        (1, EXECUTIONS)
    } else {
        (EXECUTIONS, 0)
    };
    let verdict = check(shape).executions(executions).seed(seed).race(race).check();
    let failure = verdict.err()?;
    let leaks = failure
        .violations()
        .iter()
        .any(|violation| violation.kind() == Kind::ContextLeak);
    leaks.then(|| failure.executions())
}

fn sorted(numbers: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_unstable();
    numbers
}

fn quantile(sorted: &[u64], percent: usize) -> String {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).map_or_else(|| "-".to_owned(), u64::to_string)
}

/// What a fault takes, in letters: preemptions, drops, late timers, ready awaits, inversions.
fn in_words(depth: Depth) -> String {
    let parts = [
        (depth.preemptions, 'p'),
        (depth.drops, 'd'),
        (depth.late_timers, 'l'),
        (depth.ready_awaits, 'r'),
        (depth.inversions, 'i'),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .map(|(count, letter)| format!("{count}{letter}"))
        .collect();
    if parts.is_empty() {
        "0".to_owned()
    } else {
        parts.join(" ")
    }
}

/// Each depth that there is, with how often where there are several.
fn depths(depths: impl Iterator<Item = Depth>) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for depth in depths {
        *counts.entry(in_words(depth)).or_insert(0) += 1;
    }
    let several = counts.len() > 1;
    let parts: Vec<_> = counts
        .into_iter()
        .map(|(depth, count)| {
            if several {
                format!("{depth} ({count}x)")
            } else {
                depth
            }
        })
        .collect();
    parts.join(", ")
}
