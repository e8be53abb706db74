//! For every legacy part the check that finds its fault, and the same check on the reference system.

mod scripts;

use std::time::Duration;

use ssot_harness::prelude::*;
use ssot_harness::reference::legacy::Legacy;
use ssot_harness::reference::{Config, ExecutionEngineFactory};

pub(crate) use scripts::System;
use scripts::{Script, ask, ask_and_fail, ask_twice, ask_two_at_once, ask_without_identity};

/// How many users are there at once.
const USERS: usize = 2;

/// How many times two threads are released together, where nothing less shows a fault. A few suffice on idle
/// cores; where others use them too, the two seldom run at once.
const PAIRS: u64 = 1_000;

/// When a poll of a legacy part counts as blocking its thread. The reference is given longer: that one is never to be
/// accused, however busy the machine.
const BLOCKED: Duration = Duration::from_millis(300);

/// A slow machine is no reason to search less.
const LONG: Duration = Duration::from_secs(600);

/// What can be said about a hunt from outside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tuning {
    /// What the random parts of the search are drawn from.
    pub(crate) seed: u64,
    /// How many executions to spend at the most.
    pub(crate) executions: u64,
}

/// A fault of the catalogue, and how to find it.
#[derive(Debug)]
pub(crate) struct Hunt {
    /// The part that has it, which says as what it must be reported.
    pub(crate) legacy: Legacy,
    reference: fn() -> System,
    script: Script,
    pairs: u64,
}

impl Hunt {
    const fn new(legacy: Legacy, script: Script) -> Self {
        Self {
            legacy,
            reference,
            script,
            pairs: 0,
        }
    }

    const fn against(mut self, reference: fn() -> System) -> Self {
        self.reference = reference;
        self
    }

    const fn racing(mut self, pairs: u64) -> Self {
        self.pairs = pairs;
        self
    }

    /// The check on the legacy part: it fails, with a violation of the fault's kind.
    pub(crate) fn check(&self, tuning: Tuning) -> Verdict {
        let legacy = self.legacy;
        self.check_system(move || legacy.factory(), tuning)
    }

    /// The same check on another system with the fault.
    pub(crate) fn check_system(
        &self,
        build: impl Fn() -> System + Send + Sync + 'static,
        tuning: Tuning,
    ) -> Verdict {
        // The first pair that shows the fault ends the search, and a busy machine seldom has two cores for it.
        self.check_of(build, tuning, BLOCKED, 20 * self.pairs)
    }

    /// The same check on the reference system: it passes.
    pub(crate) fn clears_reference(&self, tuning: Tuning) -> Verdict {
        self.check_of(self.reference, tuning, 20 * BLOCKED, self.pairs)
    }

    fn check_of(
        &self,
        build: impl Fn() -> System + Send + Sync + 'static,
        tuning: Tuning,
        blocked_after: Duration,
        pairs: u64,
    ) -> Verdict {
        let script = self.script;
        isolation(async move || build())
            .users(USERS, async move |user: &User, system: &System| {
                script(user, system).await
            })
            .inspect(|system: &System| system.live())
            .race(pairs)
            .seed(tuning.seed)
            .executions(tuning.executions)
            .blocked_after(blocked_after)
            .within(LONG)
            .without_regressions()
            .check()
    }
}

/// Every hunt, in the order of the catalogue.
pub(crate) const HUNTS: [Hunt; 18] = [
    Hunt::new(Legacy::SharedState, ask),
    Hunt::new(Legacy::DefaultBucket, ask_without_identity),
    Hunt::new(Legacy::ContextOverwritten, ask),
    Hunt::new(Legacy::WrongRecipient, ask),
    Hunt::new(Legacy::SetterOverwritesAll, ask),
    Hunt::new(Legacy::BroadcastFallback, ask_twice),
    Hunt::new(Legacy::LaunderedPayload, ask),
    Hunt::new(Legacy::CrossTeardown, ask),
    Hunt::new(Legacy::OrphanTask, ask),
    Hunt::new(Legacy::CancelLeak, ask_two_at_once),
    Hunt::new(Legacy::Starvation, ask).against(impatient_reference),
    Hunt::new(Legacy::LockAcrossAwait, ask),
    Hunt::new(Legacy::CacheWithoutUser, ask),
    Hunt::new(Legacy::DiagnosticsLeak, ask_and_fail),
    Hunt::new(Legacy::AmbientIdentity, ask),
    Hunt::new(Legacy::AnswerShift, ask),
    Hunt::new(Legacy::Influence, ask),
    Hunt::new(Legacy::ParallelOnly, ask).racing(PAIRS),
];

fn reference() -> System {
    Box::new(ExecutionEngineFactory::new(Config::default()))
}

fn impatient_reference() -> System {
    let config = Config {
        queue_timeout: Legacy::PATIENCE,
        ..Config::default()
    };
    Box::new(ExecutionEngineFactory::new(config))
}
