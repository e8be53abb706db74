//! For every legacy part the check that finds its fault, and the same check on the reference system.

mod scripts;

use std::sync::Arc;
use std::time::Duration;

use ssot_harness::prelude::*;
use ssot_harness::reference::legacy::{
    AmbientIdentityFactory, AnswerCacheFactory, BlockingLockFactory, BroadcastFallbackFactory,
    CancelLeakFactory, CatchUpFactory, DefaultBucketFactory, GlobalPermitFactory, OrphanTaskFactory,
    PipelinedConnectionFactory, PooledEmitterFactory, PrimarySinkFactory, SessionSetterFactory,
    SharedGatewayFactory, SharedScratchFactory, SharedStateFactory, TakingTurnsFactory,
    TalkativeErrorFactory,
};
use ssot_harness::reference::{Config, ExecutionEngineFactory, Model, ScriptedModel};

use scripts::{Script, System, ask, ask_and_fail, ask_twice, ask_two_at_once, ask_without_identity};

/// How many users are there at once.
const USERS: usize = 2;

/// How long the model takes, and how long an impatient call waits for its turn.
const LATENCY: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_millis(15);

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
    /// The fault's row in the catalogue.
    pub(crate) row: u8,
    /// The fault's name there.
    pub(crate) slug: &'static str,
    /// As what it must be reported.
    pub(crate) kind: Kind,
    legacy: fn() -> System,
    reference: fn() -> System,
    script: Script,
    pairs: u64,
}

impl Hunt {
    const fn new(row: u8, slug: &'static str, kind: Kind, legacy: fn() -> System, script: Script) -> Self {
        Self {
            row,
            slug,
            kind,
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

    /// The check on the legacy part: it fails, with a violation of this hunt's kind.
    pub(crate) fn check(&self, tuning: Tuning) -> Verdict {
        // The first pair that shows the fault ends the search, and a busy machine seldom has two cores for it.
        self.check_of(self.legacy, tuning, BLOCKED, 20 * self.pairs)
    }

    /// The same check on the reference system: it passes.
    pub(crate) fn clears_reference(&self, tuning: Tuning) -> Verdict {
        self.check_of(self.reference, tuning, 20 * BLOCKED, self.pairs)
    }

    fn check_of(
        &self,
        build: fn() -> System,
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
    Hunt::new(
        1,
        "shared-state",
        Kind::ContextLeak,
        || Box::new(SharedStateFactory::new(model())),
        ask,
    ),
    Hunt::new(
        3,
        "default-bucket",
        Kind::ContextLeak,
        || Box::new(DefaultBucketFactory::new(model())),
        ask_without_identity,
    ),
    Hunt::new(
        6,
        "context-overwritten",
        Kind::Misattribution,
        || Box::new(PooledEmitterFactory::new(model())),
        ask,
    ),
    Hunt::new(
        9,
        "wrong-recipient",
        Kind::Misattribution,
        || Box::new(PrimarySinkFactory::new(model())),
        ask,
    ),
    Hunt::new(
        10,
        "setter-overwrites-all",
        Kind::ContextLeak,
        || Box::new(SessionSetterFactory::new(model())),
        ask,
    ),
    Hunt::new(
        12,
        "broadcast-fallback",
        Kind::ContextLeak,
        || Box::new(BroadcastFallbackFactory::new(model())),
        ask_twice,
    ),
    Hunt::new(
        19,
        "laundered-payload",
        Kind::ContextLeak,
        || Box::new(CatchUpFactory::new(model())),
        ask,
    ),
    Hunt::new(
        30,
        "cross-teardown",
        Kind::Interference,
        || Box::new(SharedGatewayFactory::new(model())),
        ask,
    ),
    Hunt::new(
        32,
        "orphan-task",
        Kind::Residue,
        || Box::new(OrphanTaskFactory::new(model())),
        ask,
    ),
    Hunt::new(
        33,
        "cancel-leak",
        Kind::Residue,
        || Box::new(CancelLeakFactory::new(model())),
        ask_two_at_once,
    ),
    Hunt::new(
        38,
        "starvation",
        Kind::Interference,
        || Box::new(GlobalPermitFactory::new(model(), PATIENCE)),
        ask,
    )
    .against(impatient_reference),
    Hunt::new(
        39,
        "lock-across-await",
        Kind::Hang,
        || Box::new(BlockingLockFactory::new(model())),
        ask,
    ),
    Hunt::new(
        40,
        "cache-without-user",
        Kind::ContextLeak,
        || Box::new(AnswerCacheFactory::new(model())),
        ask,
    ),
    Hunt::new(
        44,
        "diagnostics-leak",
        Kind::ContextLeak,
        || Box::new(TalkativeErrorFactory::new(model())),
        ask_and_fail,
    ),
    Hunt::new(
        49,
        "ambient-identity",
        Kind::ContextLeak,
        || Box::new(AmbientIdentityFactory::new(model())),
        ask,
    ),
    Hunt::new(
        50,
        "answer-shift",
        Kind::ContextLeak,
        || Box::new(PipelinedConnectionFactory::new(Duration::ZERO)),
        ask,
    ),
    Hunt::new(
        51,
        "influence",
        Kind::Interference,
        || Box::new(TakingTurnsFactory::new(model())),
        ask,
    ),
    Hunt::new(
        52,
        "parallel-only",
        Kind::ContextLeak,
        || Box::new(SharedScratchFactory::new(model())),
        ask,
    )
    .racing(PAIRS),
];

fn model() -> Arc<dyn Model> {
    Arc::new(ScriptedModel::new(LATENCY))
}

fn reference() -> System {
    Box::new(ExecutionEngineFactory::with_model(Config::default(), model()))
}

fn impatient_reference() -> System {
    let config = Config {
        queue_timeout: PATIENCE,
        ..Config::default()
    };
    Box::new(ExecutionEngineFactory::with_model(config, model()))
}
