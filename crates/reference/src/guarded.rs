use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A value behind a lock that only a closure can access, so that the lock cannot be held across an await.
///
/// `Debug` does not show the value, which may hold the data of several users.
#[derive(Default)]
pub struct Guarded<T>(Mutex<T>);

impl<T> Guarded<T> {
    /// Puts the value behind a lock.
    pub fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Calls `work` with the value under the lock, and returns its result. `work` must not access the same value again: that
    /// is a deadlock.
    pub fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        // A panic in `work` affects the user whose call it is; a poisoned lock would affect all the others.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T> fmt::Debug for Guarded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded").finish_non_exhaustive()
    }
}
