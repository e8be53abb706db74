use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use thiserror::Error;
use tokio::time::{self, Instant};

use super::core::Core;
use super::meta::Flavor;
use crate::composed::composed;

/// The test's clock, which is tokio's: what the code under test sleeps by.
#[derive(Clone, Copy, Debug)]
pub struct Clock<'a> {
    core: &'a Core,
}

impl<'a> Clock<'a> {
    pub(super) fn of(core: &'a Core) -> Self {
        Self { core }
    }

    /// How long the test has been running, by this clock.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.now()
            .saturating_duration_since(*self.core.clock.begun.get_or_init(Instant::now))
    }

    /// The time, for comparison with another.
    #[must_use]
    pub fn now(&self) -> Instant {
        Instant::now()
    }

    /// Whether it moves only when everybody waits.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.core.clock.is_paused()
    }

    /// Has it stand still from now on, but for when everybody waits: then it goes to the next timer.
    ///
    /// # Errors
    ///
    /// On a runtime with worker threads, whose clock cannot stand still.
    pub fn pause(&self) -> Result<(), ClockError> {
        if self.core.meta.flavor != Flavor::CurrentThread {
            return Err(ClockError::ManyThreads);
        }
        if !self.core.clock.set_paused(true) {
            time::pause();
        }
        Ok(())
    }

    /// Has it go on by itself.
    pub fn resume(&self) {
        if self.core.clock.set_paused(false) {
            time::resume();
        }
    }

    /// Moves it, and lets everything that is due meanwhile happen.
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

/// Why the clock cannot be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ClockError {
    /// It goes by itself.
    #[error(
        "{}",
        composed(
            "the clock is running: write #[ssot_harness::test(start_paused = true)], or call case.clock().pause() before"
        )
    )]
    Running,
    /// It cannot stand still.
    #[error(
        "{}",
        composed(
            "the clock of a runtime with several threads cannot stand still: leave out flavor = \"multi_thread\""
        )
    )]
    ManyThreads,
}

/// What a test knows of its clock, which tokio does not tell.
#[derive(Debug)]
pub(super) struct ClockState {
    begun: OnceLock<Instant>,
    paused: AtomicBool,
}

impl ClockState {
    pub(super) fn new(paused: bool) -> Self {
        Self {
            begun: OnceLock::new(),
            paused: AtomicBool::new(paused),
        }
    }

    /// The test begins, on its runtime.
    pub(super) fn begin(&self) {
        self.begun.get_or_init(Instant::now);
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }

    /// Gives what was before.
    fn set_paused(&self, paused: bool) -> bool {
        self.paused.swap(paused, Ordering::Relaxed)
    }
}
