use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::report::TestPhase;

/// How long a test and its phases took, in real time.
#[derive(Debug)]
pub(in crate::case) struct Timing {
    started: Instant,
    phases: Mutex<Vec<(TestPhase, Duration)>>,
}

impl Timing {
    pub(super) fn start() -> Self {
        Self {
            started: Instant::now(),
            phases: Mutex::default(),
        }
    }

    pub(in crate::case) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Records that a phase has ended after this time.
    pub(in crate::case) fn record(&self, phase: TestPhase, time: Duration) {
        self.phases
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((phase, time));
    }

    /// The phases that have ended, in the order of their ends.
    pub(in crate::case) fn phases(&self) -> Vec<(TestPhase, Duration)> {
        self.phases.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
