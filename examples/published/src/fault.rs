use std::ops::Range;

use ssot_harness::isolation::Check;
use ssot_harness::prelude::*;

use crate::{channel, http_cache, memcached, mutex, read_through, redis, sentry, singleflight};

/// The seeds in every one of which a fault must be found.
pub const SEEDS: Range<u64> = 0..7;

/// How a check is run: with its defaults and a seed, or one schedule.
#[derive(Clone, Copy, Debug)]
pub enum Run<'a> {
    Seed(u64),
    Replay(&'a str),
}

impl Run<'_> {
    /// Runs the check. No failure is kept, so that each seed has to find the fault by itself.
    pub(crate) fn of<S: 'static>(self, check: Check<S>) -> Verdict {
        match self {
            Self::Seed(seed) => check.seed(seed).without_regressions().check(),
            Self::Replay(text) => check.replay(text).check(),
        }
    }
}

/// A public fault.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// The crate and the faulty version, which is not modified.
    pub krate: &'static str,
    /// What is wrong in it.
    pub what: &'static str,
    /// Where it was reported.
    pub link: &'static str,
    /// The kind that must be found.
    pub kind: Kind,
    /// What the check is silent on.
    pub fix: &'static str,
    pub faulty: fn(Run<'_>) -> Verdict,
    pub fixed: fn(Run<'_>) -> Verdict,
}

impl Fault {
    /// What is found in each of the seeds.
    ///
    /// # Panics
    ///
    /// Where nothing is found in one of them.
    #[must_use]
    pub fn found(&self) -> Vec<Failure> {
        SEEDS
            .map(|seed| (self.faulty)(Run::Seed(seed)).expect_err(self.krate))
            .collect()
    }

    /// The row of the book's table: the fault, its kind, median and maximum of the executions, and the shortest of the schedules.
    #[must_use]
    pub fn row(&self, found: &[Failure]) -> String {
        let Self {
            krate,
            what,
            link,
            kind,
            fix,
            ..
        } = self;
        let mut executions: Vec<u64> = found.iter().map(Failure::executions).collect();
        executions.sort_unstable();
        let (median, most) = (executions[executions.len() / 2], executions[executions.len() - 1]);
        let schedules = found.iter().filter_map(Failure::replay_text);
        let shortest = schedules.min_by_key(|text| text.len()).unwrap_or_default();
        format!("| [{krate}]({link}) | {what} | {kind} | {median} | {most} | `{shortest}` | {fix} |")
    }
}

/// All of them, in the order of the book.
pub const FAULTS: &[Fault] = &[
    redis::FAULT,
    memcached::FAULT,
    http_cache::FAULT,
    sentry::FAULT,
    channel::FAULT,
    mutex::FAULT,
    singleflight::FAULT,
    read_through::FAULT,
];
