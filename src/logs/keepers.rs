use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use super::buffer::Buffer;
use super::event::{Emitted, LogEvent};
use super::query::Logs;

/// The captures of all tests that are running in this process.
static CAPTURES: RwLock<Vec<Arc<Log>>> = RwLock::new(Vec::new());

/// Where the events of a test go.
#[derive(Debug)]
pub(super) struct Log {
    test: u64,
    begun: Instant,
    own: Mutex<Buffer<LogEvent>>,
    stray: Mutex<Buffer<LogEvent>>,
}

impl Log {
    pub(super) fn of(test: u64) -> Self {
        Self {
            test,
            begun: Instant::now(),
            own: Mutex::default(),
            stray: Mutex::default(),
        }
    }

    /// Keeps the events of its test from now on.
    pub(super) fn open(self: &Arc<Self>) {
        CAPTURES
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::clone(self));
    }

    /// Keeps no more events.
    pub(super) fn close(self: &Arc<Self>) {
        CAPTURES
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|log| !Arc::ptr_eq(log, self));
    }

    /// What has been logged so far.
    pub(super) fn logs(&self) -> Logs {
        let (events, dropped) = lock(&self.own).snapshot();
        let (stray, dropped_stray) = lock(&self.stray).snapshot();
        Logs {
            events,
            dropped,
            stray,
            dropped_stray,
        }
    }
}

/// The captures that keep an event.
#[derive(Debug)]
pub(super) enum Keepers {
    /// The captures of the test that it belongs to.
    Owners(Vec<Arc<Log>>),
    /// All, for it may belong to any.
    Anybody(Vec<Arc<Log>>),
}

impl Keepers {
    /// The captures that keep an event of this test, or of the only one that is running, where `test` is `None`.
    pub(super) fn of(test: Option<u64>) -> Self {
        Self::among(&CAPTURES.read().unwrap_or_else(PoisonError::into_inner), test)
    }

    fn among(captures: &[Arc<Log>], test: Option<u64>) -> Self {
        let only = || {
            let first = captures.first()?.test;
            captures.iter().all(|log| log.test == first).then_some(first)
        };
        match test.or_else(only) {
            Some(test) => Self::Owners(captures.iter().filter(|log| log.test == test).cloned().collect()),
            None => Self::Anybody(captures.to_vec()),
        }
    }

    pub(super) fn is_nobody(&self) -> bool {
        let (Self::Owners(logs) | Self::Anybody(logs)) = self;
        logs.is_empty()
    }

    pub(super) fn keep(&self, event: &Arc<Emitted>) {
        let (Self::Owners(logs) | Self::Anybody(logs)) = self;
        for log in logs {
            let buffer = match self {
                Self::Owners(_) => &log.own,
                Self::Anybody(_) => &log.stray,
            };
            lock(buffer).push(LogEvent::new(Arc::clone(event), log.begun));
        }
    }
}

fn lock(buffer: &Mutex<Buffer<LogEvent>>) -> MutexGuard<'_, Buffer<LogEvent>> {
    buffer.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Keepers, Log};

    #[test]
    fn what_may_be_anybodys_belongs_to_the_only_test() {
        let keep = |tests: &[u64], test| {
            let captures: Vec<_> = tests.iter().map(|&test| Arc::new(Log::of(test))).collect();
            match Keepers::among(&captures, test) {
                Keepers::Owners(logs) => ("owners", logs.len()),
                Keepers::Anybody(logs) => ("anybody", logs.len()),
            }
        };
        assert_eq!(keep(&[7], None), ("owners", 1));
        assert_eq!(keep(&[7, 7], None), ("owners", 2), "two captures of one test");
        assert_eq!(keep(&[7, 8], None), ("anybody", 2));
        assert_eq!(keep(&[7, 8], Some(8)), ("owners", 1));
        assert_eq!(keep(&[7, 8], Some(9)), ("owners", 0), "that test has ended");
        assert_eq!(keep(&[], None), ("anybody", 0));
    }
}
