use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use thiserror::Error;
use tokio::time::{self, Instant};

use crate::composed::composed;

/// The test's clock, which is tokio's: what the code under test sleeps by.
#[derive(Clone, Copy, Debug)]
pub struct Clock<'a> {
    state: &'a ClockState,
}

impl<'a> Clock<'a> {
    pub(in crate::case) fn of(state: &'a ClockState) -> Self {
        Self { state }
    }

    /// How long the test has been running, by this clock.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.now()
            .saturating_duration_since(*self.state.begun.get_or_init(Instant::now))
    }

    /// The time, for comparison with another.
    #[must_use]
    pub fn now(&self) -> Instant {
        Instant::now()
    }

    /// Whether it is paused: whether it advances only when every task waits.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.state.is_paused()
    }

    /// Pauses it: it advances only when every task waits, to the next timer.
    ///
    /// # Errors
    ///
    /// On a runtime with worker threads, whose clock cannot be paused.
    pub fn pause(&self) -> Result<(), ClockError> {
        if !self.state.can_pause {
            return Err(ClockError::ManyThreads);
        }
        if !self.state.set_paused(true) {
            time::pause();
        }
        Ok(())
    }

    /// Resumes it after [`pause`](Self::pause).
    pub fn resume(&self) {
        if self.state.set_paused(false) {
            time::resume();
        }
    }

    /// Advances it, and runs what is due meanwhile.
    ///
    /// # Errors
    ///
    /// Where it is not paused.
    pub async fn advance(&self, time: Duration) -> Result<(), ClockError> {
        if !self.is_paused() {
            return Err(ClockError::Running);
        }
        time::advance(time).await;
        Ok(())
    }
}

/// Why the clock cannot be paused or advanced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ClockError {
    /// It is not paused.
    #[error(
        "{}",
        composed(
            "the clock is running: write #[ssot_harness::test(start_paused = true)], or call case.clock().pause() before"
        )
    )]
    Running,
    /// It cannot be paused.
    #[error(
        "{}",
        composed(
            "the clock of a runtime with several threads cannot stand still: leave out flavor = \"multi_thread\""
        )
    )]
    ManyThreads,
}

/// The state of a test's clock that tokio does not report.
#[derive(Debug)]
pub(in crate::case) struct ClockState {
    begun: OnceLock<Instant>,
    /// Whether its runtime has one thread only.
    can_pause: bool,
    paused: AtomicBool,
}

impl ClockState {
    pub(in crate::case) fn new(can_pause: bool, paused: bool) -> Self {
        Self {
            begun: OnceLock::new(),
            can_pause,
            paused: AtomicBool::new(paused),
        }
    }

    /// The test begins, on its runtime.
    pub(in crate::case) fn begin(&self) {
        self.begun.get_or_init(Instant::now);
    }

    pub(in crate::case) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }

    /// Returns whether it was paused before.
    fn set_paused(&self, paused: bool) -> bool {
        self.paused.swap(paused, Ordering::Relaxed)
    }
}
