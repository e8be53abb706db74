use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use super::budget::Carrier;
use super::candidates::Candidates;
use super::runtimes::{Cell, Runtimes};
use super::{Layout, Progress, Stage};

/// Runs executions one after another, on the thread it is on.
pub struct Driver {
    pub(crate) step_limit: usize,
    pub(crate) drops: u32,
    pub(crate) wait_for_outside: Duration,
    pub(crate) now: Arc<AtomicU32>,
    pub(crate) progress: Option<Arc<Progress>>,
    pub(crate) carrier: Option<Carrier>,
    pub(crate) candidates: Candidates,
    /// A runtime in which an execution left nothing, for the next one.
    pub(crate) spare: Option<Cell>,
}

impl Driver {
    /// A driver with a step limit of 10,000, no drops and no patience with the outside.
    #[must_use]
    pub fn new() -> Self {
        Self {
            step_limit: 10_000,
            drops: 0,
            wait_for_outside: Duration::ZERO,
            now: Arc::default(),
            progress: None,
            carrier: None,
            candidates: Candidates::default(),
            spare: None,
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

    /// Lets another thread see how the search goes.
    pub fn show_progress(&mut self, progress: Arc<Progress>) -> &mut Self {
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
        let first = self.spare.take().unwrap_or_else(|| Cell::new(Duration::ZERO));
        if let Some(progress) = &self.progress {
            progress.begin();
        }
        Stage::new(self, Runtimes::new(layout, first))
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
