//! The schedulers, with an eye on how much they decide.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// How much has been decided and executed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) decisions: Arc<AtomicU64>,
    pub(crate) executions: Arc<AtomicU64>,
}

/// A scheduler that is counted, and ends after so many executions.
pub(crate) struct Counted {
    pub(crate) scheduler: Box<dyn Scheduler + Send>,
    pub(crate) counts: Counts,
    pub(crate) executions: u64,
}

impl Scheduler for Counted {
    fn new_execution(&mut self) -> Option<Schedule> {
        if self.counts.executions.load(Ordering::Relaxed) >= self.executions {
            return None;
        }
        self.counts.executions.fetch_add(1, Ordering::Relaxed);
        self.scheduler.new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        self.counts.decisions.fetch_add(1, Ordering::Relaxed);
        self.scheduler.next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.scheduler.next_u64()
    }
}
