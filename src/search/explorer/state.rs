use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use crate::interleave::{Driver, RuntimeTopology};
use crate::oracle::{LeftOut, Rules, Violation};
use crate::report::{Caveat, Failure, FoundBy, SearchSummary, TestPath};
use crate::search::baseline::Baseline;
use crate::search::config::CheckConfig;
use crate::search::discovery::Discovery;
use crate::search::regressions::Regressions;
use crate::search::sample::Sample;
use crate::search::shared::Shared;
use crate::search::target::{ExecutionRecord, Target};
use crate::search::target_source::{TargetSource, TargetTree};

/// Everything that a check was told.
pub(crate) struct CheckPlan {
    pub(crate) targets: Arc<dyn TargetSource>,
    pub(crate) config: CheckConfig,
    pub(crate) test: Option<TestPath>,
}

/// An execution in which an oracle found something.
pub(crate) struct Failing<'t> {
    pub(crate) target: Arc<dyn Target>,
    /// Where the inputs came from, if they can be made simpler.
    pub(crate) tree: Option<Box<dyn TargetTree + 't>>,
    pub(crate) identity_seed: u64,
    pub(crate) topology: RuntimeTopology,
    pub(crate) record: ExecutionRecord,
    pub(crate) violations: Vec<Violation>,
    pub(crate) found_by: FoundBy,
    /// Real threads were at play.
    pub(crate) raced: bool,
    /// It was found before any user was alone under its identity seed, and nothing under that identity seed is as it was then.
    pub(crate) cold: bool,
}

/// Why a search stops before its end.
pub(crate) enum Stop<'t> {
    Found(Box<Failing<'t>>),
    Failed(Failure),
}

impl From<Failure> for Stop<'_> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A search under way.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that a search notices by itself"
)]
pub(crate) struct Explorer<'s> {
    pub(crate) search: &'s CheckPlan,
    pub(crate) shared: &'s Shared,
    pub(crate) driver: Driver,
    pub(crate) rules: Rules,
    pub(crate) summary: SearchSummary,
    pub(crate) caveats: Vec<Caveat>,
    /// The identity seeds of the target at hand.
    pub(crate) baselines: BTreeMap<u64, Baseline>,
    pub(super) discovery: Discovery,
    pub(super) begun: Instant,
    pub(crate) out_of_time: bool,
    /// Schedules that passed, to be run again at the end.
    pub(crate) samples: VecDeque<Sample>,
    /// In some execution there were threads at work.
    pub(crate) used_threads: bool,
    /// The names of threads of the system's own that woke users.
    pub(crate) threads: BTreeSet<String>,
    /// Users whose first solo run took a course of its own, by name.
    pub(crate) cold: BTreeSet<String>,
    /// Some user was never alone, although the test did not say so.
    pub(crate) was_together: bool,
    /// What was left out of comparisons.
    pub(super) left_out: BTreeSet<LeftOut>,
    /// Some log event was seen by somebody.
    pub(super) saw_logs: bool,
    /// The first error of a script that was compared with nothing, though every call ran to its end: by whom, what, and how many
    /// executions had one.
    pub(in crate::search) uncompared_error: Option<(String, String, u64)>,
    /// Executions that came to a fair end.
    pub(super) fair: u64,
    /// Whether the last one did.
    pub(crate) was_fair: bool,
    /// The execution at hand races pairs of threads.
    pub(crate) is_racing: bool,
    /// A caveat says already that something outlives an execution.
    pub(crate) is_outlived_told: bool,
}

impl CheckPlan {
    pub(crate) fn regressions(&self) -> Option<Regressions> {
        if !self.config.keep {
            return None;
        }
        self.test.as_ref().map(Regressions::of)
    }
}

impl<'s> Explorer<'s> {
    pub(crate) fn new(search: &'s CheckPlan, shared: &'s Shared) -> Self {
        let mut driver = Driver::new();
        driver.show_progress(Arc::clone(&shared.progress));
        driver.allow_drops(search.config.cancellations);
        if let Some(outside) = search.config.sockets {
            driver.with_sockets(outside);
        }
        let summary = SearchSummary {
            seed: search.config.seed,
            shard: search.config.shard,
            users: *search.targets.users().end(),
            ..SearchSummary::default()
        };
        Self {
            search,
            shared,
            driver,
            rules: search.config.rules(),
            summary,
            caveats: Vec::new(),
            baselines: BTreeMap::new(),
            discovery: Discovery::default(),
            begun: Instant::now(),
            out_of_time: false,
            samples: VecDeque::new(),
            used_threads: false,
            threads: BTreeSet::new(),
            cold: BTreeSet::new(),
            was_together: false,
            left_out: BTreeSet::new(),
            saw_logs: false,
            uncompared_error: None,
            fair: 0,
            was_fair: false,
            is_racing: false,
            is_outlived_told: false,
        }
    }

    pub(crate) fn config(&self) -> &'s CheckConfig {
        &self.search.config
    }
}
