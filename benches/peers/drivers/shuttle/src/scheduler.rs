//! The schedulers, with an eye on how much they decide.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use protocol::Until;
use shuttle::scheduler::{
    PctScheduler, RandomScheduler, Schedule, Scheduler, Task, TaskId, UrwRandomScheduler,
};

use crate::shapes::Depth;

/// Which scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Random,
    Pct,
    Urw,
}

impl Kind {
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "random" => Self::Random,
            "pct" => Self::Pct,
            "urw" => Self::Urw,
            _ => return None,
        })
    }

    /// A scheduler without an end of its own. PCT is told the depth, of which its users have to make a guess.
    pub(crate) fn scheduler(self, seed: u64, depth: Depth) -> Box<dyn Scheduler + Send> {
        match self {
            Self::Random => Box::new(RandomScheduler::new_from_seed(seed, usize::MAX)),
            Self::Pct => {
                let Depth {
                    preemptions,
                    drops,
                    late_timers,
                    inversions,
                    ready_awaits: _,
                } = depth;
                let switches = preemptions + drops + late_timers + inversions;
                let depth = usize::try_from(switches + 1).unwrap_or(usize::MAX).max(2);
                Box::new(PctScheduler::new_from_seed(seed, depth, usize::MAX))
            }
            Self::Urw => Box::new(UrwRandomScheduler::new_from_seed(seed, usize::MAX)),
        }
    }
}

/// How far a search is, over all of its runs.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    pub(crate) decisions: AtomicU64,
    pub(crate) executions: AtomicU64,
    /// Whether an execution has leaked.
    pub(crate) leaked: AtomicBool,
}

/// A scheduler that is watched, and has no more executions where the search is over.
pub(crate) struct Watched {
    pub(crate) scheduler: Box<dyn Scheduler + Send>,
    pub(crate) progress: Arc<Progress>,
    pub(crate) until: Until,
}

impl Scheduler for Watched {
    fn new_execution(&mut self) -> Option<Schedule> {
        let executions = self.progress.executions.load(Ordering::Relaxed);
        let has_leaked = self.until.leak && self.progress.leaked.load(Ordering::Relaxed);
        if has_leaked || executions >= self.until.executions {
            return None;
        }
        self.progress.executions.store(executions + 1, Ordering::Relaxed);
        self.scheduler.new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        self.progress.decisions.fetch_add(1, Ordering::Relaxed);
        self.scheduler.next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.scheduler.next_u64()
    }
}
