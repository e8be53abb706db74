use std::error::Error;
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{CaseError, CaseResult};

/// How long a clean-up may take where nothing else was said.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);

/// What a clean-up may come to: nothing, or a result of any error.
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

impl<T> CleanedUp for CaseResult<T> {
    fn into_result(self) -> CaseResult {
        self.map(drop)
    }
}

impl<T, E: Error + Send + Sync + 'static> CleanedUp for Result<T, E> {
    fn into_result(self) -> CaseResult {
        self.map(drop).map_err(CaseError::returned)
    }
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
pub(super) struct Cleanups(Mutex<Vec<Cleanup>>);

impl Cleanups {
    pub(super) fn push(&self, cleanup: Cleanup) {
        self.lock().push(cleanup);
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    /// The next one, as long as there are more than `keep`.
    pub(super) fn pop_down_to(&self, keep: usize) -> Option<Cleanup> {
        let mut cleanups = self.lock();
        if cleanups.len() > keep {
            cleanups.pop()
        } else {
            None
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Cleanup>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
