use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::case::returned::CaseResult;

/// How long a clean-up may take by default.
pub(in crate::case) const DEADLINE: Duration = Duration::from_secs(5);

/// What is to be done at the end of a test.
pub(in crate::case) struct Cleanup {
    pub(in crate::case) work: Pin<Box<dyn Future<Output = CaseResult> + Send>>,
    pub(in crate::case) within: Duration,
    pub(in crate::case) at: &'static Location<'static>,
}

impl fmt::Debug for Cleanup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cleanup")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// The clean-ups of a test; the last comes first.
#[derive(Debug, Default)]
pub(in crate::case) struct Cleanups(Mutex<CleanupState>);

#[derive(Debug, Default)]
struct CleanupState {
    left: Vec<Cleanup>,
    /// How many of them come after the tear-down.
    of_set_up: usize,
    /// How many have been taken to be run.
    taken: usize,
    closed: bool,
}

/// The most clean-ups that are run: one may register another without end.
const MAX_CLEANUPS: usize = 10_000;

impl CleanupState {
    fn take(&mut self, keep: usize) -> Option<Cleanup> {
        if self.left.len() <= keep || self.taken == MAX_CLEANUPS {
            return None;
        }
        self.taken += 1;
        self.left.pop()
    }
}

impl Cleanups {
    /// Keeps it, unless the test is over.
    pub(in crate::case) fn push(&self, cleanup: Cleanup) -> Result<(), Cleanup> {
        let mut state = self.lock();
        if state.closed {
            return Err(cleanup);
        }
        state.left.push(cleanup);
        Ok(())
    }

    /// The set-up is over.
    pub(in crate::case) fn end_set_up(&self) {
        let mut state = self.lock();
        state.of_set_up = state.left.len();
    }

    pub(in crate::case) fn are_left(&self) -> bool {
        let state = self.lock();
        !state.left.is_empty() && state.taken < MAX_CLEANUPS
    }

    /// The next one that was registered after the set-up.
    pub(in crate::case) fn pop_of_body(&self) -> Option<Cleanup> {
        let mut state = self.lock();
        let keep = state.of_set_up;
        state.take(keep)
    }

    pub(in crate::case) fn pop(&self) -> Option<Cleanup> {
        self.lock().take(0)
    }

    /// From now on none is kept; returns those that were not run.
    pub(in crate::case) fn close(&self) -> Vec<Cleanup> {
        let mut state = self.lock();
        state.closed = true;
        std::mem::take(&mut state.left)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, CleanupState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
