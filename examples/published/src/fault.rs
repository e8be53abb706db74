use std::ops::Range;

use ssot_harness::isolation::Check;
use ssot_harness::prelude::*;

use crate::{channel, http_cache, memcached, mutex, redis, sentry, singleflight};

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
    pub what: &'static str,
    /// Where it was reported.
    pub link: &'static str,
    /// The kind that must be found.
    pub kind: Kind,
    /// What is compared with it.
    pub fix: &'static str,
    pub faulty: fn(Run<'_>) -> Verdict,
    pub fixed: fn(Run<'_>) -> Verdict,
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
];
