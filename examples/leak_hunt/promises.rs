//! The rows of the catalogue whose faults break a promise of engines and factories, whatever other users do.

use std::time::Instant;

use ssot_harness::conformance::{Conformance, Promise};
use ssot_harness::oracle::Kind;
use ssot_harness::reference::ReferenceSubject;
use ssot_harness::reference::legacy::FaultySystem;

use crate::hunts::Tuning;
use crate::rows::{Check, ROWS};

/// What the check of a promise takes at the most: most of what it finds shows in the first execution.
const EXECUTIONS: u64 = 200;

/// The names of the faults.
pub(crate) fn slugs() -> impl Iterator<Item = &'static str> {
    let firsts = FaultySystem::ALL.iter().step_by(2);
    firsts
        .filter(|system| is_promised(system.row()))
        .map(FaultySystem::slug)
}

fn is_promised(row: u8) -> bool {
    ROWS.iter()
        .any(|(of, check, _)| *of == row && matches!(check, Check::Promise(_)))
}

/// Checks the promise that each fault breaks, of the first system that has the fault, and each promise of the canonical factory. Returns
/// whether every fault was found as what it is, and nothing else.
pub(crate) fn hunt_all(tuning: Tuning, only: Option<&str>) -> bool {
    let mut is_right = true;
    let mut promises = Vec::new();
    for &(row, check, kinds) in &ROWS {
        let Check::Promise(promise) = check else { continue };
        let systems = FaultySystem::ALL.iter().filter(|system| system.row() == row);
        for &system in systems
            .take(1)
            .filter(|system| only.is_none_or(|slug| slug == system.slug()))
        {
            is_right &= is_found(system, promise, kinds, tuning);
            if !promises.contains(&promise) {
                promises.push(promise);
            }
        }
    }
    promises
        .into_iter()
        .fold(is_right, |is_right, promise| is_kept(promise, tuning) && is_right)
}

fn is_found(system: FaultySystem, promise: Promise, kinds: &[Kind], tuning: Tuning) -> bool {
    let begun = Instant::now();
    let outcome = Conformance::new(async move || ReferenceSubject::new(|model| system.make(model)))
        .seed(tuning.seed)
        .executions(tuning.executions.min(EXECUTIONS))
        .check(promise);
    let found = outcome.kinds().into_iter().find(|kind| kinds.contains(kind));
    println!(
        "row {:02} {:<26} {:<30} {:<24} {} in {} executions, {:.1} ms",
        system.row(),
        system.slug(),
        system.name(),
        promise,
        found.map_or_else(|| "MISSED".to_owned(), |kind| kind.to_string()),
        outcome.executions(),
        begun.elapsed().as_secs_f64() * 1_000.0
    );
    found.is_some()
}

fn is_kept(promise: Promise, tuning: Tuning) -> bool {
    let begun = Instant::now();
    let outcome = Conformance::new(async || ReferenceSubject::canonical())
        .seed(tuning.seed)
        .executions(tuning.executions.min(EXECUTIONS))
        .check(promise);
    println!(
        "canonical {promise:<24} {} in {} executions, {:.1} ms",
        if outcome.is_kept() { "kept" } else { "ACCUSED" },
        outcome.executions(),
        begun.elapsed().as_secs_f64() * 1_000.0
    );
    if !outcome.is_kept() {
        println!("{outcome}");
    }
    outcome.is_kept()
}
