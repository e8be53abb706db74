use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A value that is reached only within a closure, so that its lock cannot be held across an await.
///
/// `Debug` does not show the value: what several users share has no business in a log line of one of them.
#[derive(Default)]
pub struct Guarded<T>(Mutex<T>);

impl<T> Guarded<T> {
    /// Takes the value.
    pub fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Calls `work` with the value, and returns what it returns. Nobody else reaches the value meanwhile;
    /// `work` must not reach it again.
    pub fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        // A panic in `work` harms the user whose call it was; the lock's poison would carry it to all the
        // others.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T> fmt::Debug for Guarded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded").finish_non_exhaustive()
    }
}
