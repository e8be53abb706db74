use std::env;
use std::time::{Duration, Instant};

use ssot_harness::prelude::*;

const SEEDS: u64 = 31;

/// Executions for each seed of a sound program: few, unless a campaign says otherwise.
fn executions() -> u64 {
    env::var("SSOT_SOUND_EXECUTIONS").map_or(20, |count| {
        count.parse().expect("SSOT_SOUND_EXECUTIONS is a number")
    })
}

/// How many seeds a faulty program is searched with: all in a campaign.
fn twin_seeds() -> u64 {
    if env::var_os("SSOT_SOUND_EXECUTIONS").is_some() {
        SEEDS
    } else {
        3
    }
}

/// Asserts that `program(false)` is sound and that a check of `program(true)` reports `kind`.
#[track_caller]
pub(crate) fn are_told_apart<S: 'static>(kind: Kind, program: impl Fn(bool) -> Check<S>) {
    let set = |faulty, seed| {
        program(faulty)
            .seed(seed)
            .within(Duration::from_secs(600))
            .without_regressions()
    };
    let begun = Instant::now();
    for seed in 0..SEEDS {
        if let Err(failure) = set(false, seed).executions(executions()).check() {
            panic!("the sound program is accused with seed {seed}: {failure}");
        }
    }
    let sound = begun.elapsed();
    let begun = Instant::now();
    let mut most = 0;
    for seed in 0..twin_seeds() {
        let failure = match set(true, seed).check() {
            Err(failure) => failure,
            Ok(report) => panic!("the fault is missed with seed {seed}: {report}"),
        };
        let first = failure.violations().first().map(Violation::kind);
        assert_eq!(first, Some(kind), "with seed {seed}: {failure}");
        most = most.max(failure.executions());
    }
    println!(
        "sound for {sound:.1?}; faulty found in at most {most} executions, {:.1?}",
        begun.elapsed()
    );
}
