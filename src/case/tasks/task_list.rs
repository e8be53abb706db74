use std::panic::Location;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use indexmap::IndexMap;
use tokio::runtime::Handle;

use crate::report::{Leftovers, Lines};

/// The tasks of a test: those that it spawned through its case, and how many appeared beside them.
#[derive(Debug, Default)]
pub(in crate::case) struct Tasks {
    /// The tasks of `case.spawn` that are alive, by number.
    tracked: Mutex<IndexMap<u64, &'static Location<'static>>>,
    spawned: Mutex<u64>,
    allowed: AtomicUsize,
    lines: Mutex<Lines>,
    line: AtomicU32,
    /// How many tasks of others were alive when the body last reported its line.
    seen: AtomicUsize,
    /// The runtime that the test runs on.
    runtime: OnceLock<Handle>,
}

impl Tasks {
    /// The test runs on this runtime.
    ///
    /// # Panics
    ///
    /// Where it has one already.
    pub(in crate::case) fn set_runtime(&self, runtime: &Handle) {
        self.runtime.set(runtime.clone()).expect("a test has one runtime");
    }

    /// Lets this many tasks outlive the test.
    pub(in crate::case) fn allow(&self, tasks: usize) {
        self.allowed.fetch_add(tasks, Ordering::Relaxed);
    }

    /// The body reaches a line. Tasks that appeared since the last one were spawned by that.
    pub(in crate::case) fn reach(&self, line: u32) {
        let reached = self.line.swap(line, Ordering::Relaxed);
        self.appeared(reached);
    }

    /// The body has ended.
    pub(in crate::case) fn leave(&self) {
        self.appeared(self.line.load(Ordering::Relaxed));
    }

    fn appeared(&self, line: u32) {
        let others = self.alive().saturating_sub(lock(&self.tracked).len());
        let seen = self.seen.swap(others, Ordering::Relaxed);
        if line != 0 && others > seen {
            *lock(&self.lines).entry(line).or_default() += others - seen;
        }
    }

    /// The line of the body that was reached last.
    pub(in crate::case) fn line(&self) -> Option<u32> {
        Some(self.line.load(Ordering::Relaxed)).filter(|line| *line != 0)
    }

    /// How many tasks of the test's runtime are alive.
    fn alive(&self) -> usize {
        self.runtime
            .get()
            .map_or(0, |runtime| runtime.metrics().num_alive_tasks())
    }

    /// The tasks that are alive.
    pub(in crate::case) fn leftovers(&self) -> Leftovers {
        let tracked: Vec<_> = lock(&self.tracked).values().copied().collect();
        Leftovers {
            allowed: self.allowed.load(Ordering::Relaxed),
            others: self.alive().saturating_sub(tracked.len()),
            tracked,
            lines: lock(&self.lines).clone(),
        }
    }

    /// How many tasks there were: those of `case.spawn`, and those seen to appear beside them.
    pub(in crate::case) fn spawned(&self) -> u64 {
        let appeared: usize = lock(&self.lines).values().sum();
        *lock(&self.spawned) + appeared as u64
    }

    pub(super) fn add(&self, at: &'static Location<'static>) -> u64 {
        let mut spawned = lock(&self.spawned);
        *spawned += 1;
        lock(&self.tracked).insert(*spawned, at);
        *spawned
    }

    pub(super) fn remove(&self, number: u64) {
        lock(&self.tracked).shift_remove(&number);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
