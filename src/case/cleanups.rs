use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::outcome::Outcome;
use super::success::Success;
use super::{CaseError, CaseResult};

/// How long a clean-up may take where nothing else was said.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);

/// What a clean-up may come to: nothing, or a result of any error. A failure within `Ok` is one.
pub trait CleanedUp {
    /// It as a result.
    ///
    /// # Errors
    ///
    /// Where the clean-up failed.
    fn into_result(self) -> CaseResult;
}

impl CleanedUp for () {
    fn into_result(self) -> CaseResult {
        Ok(())
    }
}

impl<T: Success> CleanedUp for CaseResult<T> {
    fn into_result(self) -> CaseResult {
        self.and_then(within)
    }
}

impl<T: Success, E: fmt::Display + fmt::Debug + Unpin + 'static> CleanedUp for Result<T, E> {
    fn into_result(self) -> CaseResult {
        self.map_err(CaseError::returned).and_then(within)
    }
}

fn within(value: impl Success) -> CaseResult {
    let Outcome(result) = value.outcome();
    result.map_err(|said| CaseError::said(said.text))
}

/// What is to be done at the end of a test.
pub(super) struct Cleanup {
    pub(super) work: Pin<Box<dyn Future<Output = CaseResult> + Send>>,
    pub(super) within: Duration,
    pub(super) at: &'static Location<'static>,
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
pub(super) struct Cleanups(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    left: Vec<Cleanup>,
    /// How many of them come after the tear-down.
    of_set_up: usize,
    /// How many have been taken to be run.
    taken: usize,
    closed: bool,
}

/// So many clean-ups are run: one may register another for ever.
const MOST: usize = 10_000;

impl State {
    fn take(&mut self, keep: usize) -> Option<Cleanup> {
        if self.left.len() <= keep || self.taken == MOST {
            return None;
        }
        self.taken += 1;
        self.left.pop()
    }
}

impl Cleanups {
    /// Keeps it, unless the test is over.
    pub(super) fn push(&self, cleanup: Cleanup) -> Result<(), Cleanup> {
        let mut state = self.lock();
        if state.closed {
            return Err(cleanup);
        }
        state.left.push(cleanup);
        Ok(())
    }

    /// The set-up is over.
    pub(super) fn end_set_up(&self) {
        let mut state = self.lock();
        state.of_set_up = state.left.len();
    }

    pub(super) fn are_left(&self) -> bool {
        let state = self.lock();
        !state.left.is_empty() && state.taken < MOST
    }

    /// The next one that was registered after the set-up.
    pub(super) fn pop_of_body(&self) -> Option<Cleanup> {
        let mut state = self.lock();
        let keep = state.of_set_up;
        state.take(keep)
    }

    pub(super) fn pop(&self) -> Option<Cleanup> {
        self.lock().take(0)
    }

    /// From now on none is kept; gives those that nobody has run.
    pub(super) fn close(&self) -> Vec<Cleanup> {
        let mut state = self.lock();
        state.closed = true;
        std::mem::take(&mut state.left)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
