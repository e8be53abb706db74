use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use super::budget::Carrier;
use super::candidates::Candidates;
use super::cell::Cell;
use super::runtimes::Runtimes;
use super::wakes::Wakers;
use super::{Layout, Progress, Stage};

/// Runs executions one after another, on the thread it is on.
pub struct Driver {
    pub(crate) step_limit: usize,
    pub(crate) drops: u32,
    pub(crate) wait_for_outside: Duration,
    pub(crate) patience: Duration,
    pub(crate) now: Arc<AtomicU32>,
    pub(crate) progress: Option<Arc<Progress>>,
    pub(crate) carrier: Option<Carrier>,
    pub(crate) candidates: Candidates,
    /// A runtime in which an execution left nothing, for the next one.
    pub(crate) spare: Option<Cell>,
    /// The wakers of the last execution, for the next one.
    pub(crate) wakers: Option<Wakers>,
    /// For how many decisions the next execution makes room.
    pub(crate) decisions: usize,
}

impl Driver {
    /// A driver with a step limit of 10,000, no drops and no patience with the outside.
    #[must_use]
    pub fn new() -> Self {
        Self {
            step_limit: 10_000,
            drops: 0,
            wait_for_outside: Duration::ZERO,
            patience: Duration::from_secs(5),
            now: Arc::default(),
            progress: None,
            carrier: None,
            candidates: Candidates::default(),
            spare: None,
            wakers: None,
            decisions: 0,
        }
    }

    /// After how many decisions an execution that has not ended is ended.
    pub fn limit_steps(&mut self, steps: usize) -> &mut Self {
        self.step_limit = steps;
        self
    }

    /// How many calls in flight an execution may have dropped.
    pub fn allow_drops(&mut self, drops: u32) -> &mut Self {
        self.drops = drops;
        self
    }

    /// How long, in real time, to wait for a wake-up from another thread before a deadlock is declared.
    pub fn wait_for_outside(&mut self, patience: Duration) -> &mut Self {
        self.wait_for_outside = patience;
        self
    }

    /// How long, in real time, a [`real_stage`](Self::real_stage) waits for the outside before it is a deadlock, and a
    /// clock that stands still for a blocking task; 5 s where nothing is said.
    pub fn be_patient(&mut self, patience: Duration) -> &mut Self {
        self.patience = patience;
        self
    }

    /// Lets another thread see how the search goes.
    pub(crate) fn show_progress(&mut self, progress: Arc<Progress>) -> &mut Self {
        self.progress = Some(progress);
        self
    }

    /// The number of the decision that is being carried out, from 1; 0 before the first.
    #[must_use]
    pub fn now(&self) -> Arc<AtomicU32> {
        Arc::clone(&self.now)
    }

    /// Opens the stage for one execution: fresh runtimes, and a clock that shows zero.
    pub fn stage(&mut self, layout: Layout) -> Stage<'_> {
        let mut first = self.spare.take().unwrap_or_else(Cell::new);
        if layout != Layout::One {
            first.leave_room();
        }
        if let Some(progress) = &self.progress {
            progress.begin();
        }
        Stage::new(self, Runtimes::new(layout, first))
    }

    /// Opens a stage on which time is real and sockets work. Wake-ups decide which actors can go, the strategy
    /// chooses among those; spawned tasks run as they come. The same decisions need not lead to the same execution.
    ///
    /// # Panics
    ///
    /// Where the operating system has no resources for a runtime with sockets.
    pub fn real_stage(&mut self) -> Stage<'_> {
        if let Some(progress) = &self.progress {
            progress.begin();
        }
        Stage::new(self, Runtimes::new(Layout::One, Cell::real()))
    }
}

impl Default for Driver {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver")
            .field("step_limit", &self.step_limit)
            .field("drops", &self.drops)
            .finish_non_exhaustive()
    }
}
