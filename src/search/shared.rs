use std::sync::{Arc, Mutex, PoisonError};

use super::target::Target;
use crate::interleave::{Progress, RuntimeTopology};
use crate::report::Phase;

/// What the thread that searches and the one that watches it both see.
pub(crate) struct Shared {
    pub(crate) progress: Arc<Progress>,
    current: Mutex<Option<CurrentExecution>>,
}

/// The execution at hand.
#[derive(Clone)]
pub(crate) struct CurrentExecution {
    pub(crate) target: Arc<dyn Target>,
    pub(crate) identity_seed: u64,
    pub(crate) topology: RuntimeTopology,
    /// The user who is alone in it.
    pub(crate) alone: Option<usize>,
    pub(crate) phase: Phase,
    /// Executions with company so far, this one included.
    pub(crate) executions: u64,
}

impl Shared {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            progress: Progress::new(),
            current: Mutex::new(None),
        })
    }

    pub(crate) fn set(&self, current: CurrentExecution) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(current);
    }

    pub(crate) fn current(&self) -> Option<CurrentExecution> {
        self.current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
