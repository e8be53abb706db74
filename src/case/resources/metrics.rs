use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use indexmap::IndexMap;

use crate::trace::{Recorder, Surface};

/// What happened in a test, counted.
///
/// The harness counts [`POLLS`](Self::POLLS), [`TASKS`](Self::TASKS) and [`EVENTS`](Self::EVENTS) by itself. What a test
/// or a fake counts beside them has whatever name it likes.
#[derive(Debug)]
pub struct Metrics {
    polls: AtomicU64,
    tasks: AtomicU64,
    seen: Recorder,
    custom: Mutex<IndexMap<String, u64>>,
}

impl Metrics {
    /// How often set-up, body, tear-down and clean-ups, and the tasks of `case.spawn`, were polled.
    pub const POLLS: &'static str = "polls";
    /// Tasks that were spawned: those of `case.spawn`, and those seen to appear beside them.
    pub const TASKS: &'static str = "spawned tasks";
    /// Events that the case's users saw.
    pub const EVENTS: &'static str = "events";
    /// Calls of a model, as the case's fakes count them.
    pub const MODEL_CALLS: &'static str = "model calls";
    /// Queries of a store, as the case's fakes count them.
    pub const QUERIES: &'static str = "queries";

    pub(in crate::case) fn of(seen: Recorder) -> Self {
        Self {
            polls: AtomicU64::default(),
            tasks: AtomicU64::default(),
            seen,
            custom: Mutex::default(),
        }
    }

    /// Adds `n` to the counter of that name.
    ///
    /// ```
    /// use ssot_harness::case::Metrics;
    /// use ssot_harness::prelude::*;
    ///
    /// # /*
    /// #[ssot_harness::test]
    /// # */
    /// async fn the_model_is_asked_once(case: &Case) {
    ///     let fake = async || case.metrics().count(Metrics::MODEL_CALLS, 1);
    ///     fake().await;
    ///     assert_eq!(case.metrics().get(Metrics::MODEL_CALLS), 1);
    /// }
    /// ```
    ///
    /// # Panics
    ///
    /// For a counter that the harness keeps by itself.
    pub fn count(&self, name: &str, n: u64) {
        assert!(
            self.own(name).is_none(),
            "the harness counts `{name}` by itself: give yours another name"
        );
        self.custom(|custom| match custom.get_mut(name) {
            Some(count) => *count += n,
            None => {
                custom.insert(name.to_owned(), n);
            }
        });
    }

    /// The value of the counter of that name; 0 where nothing was counted.
    #[must_use]
    pub fn get(&self, name: &str) -> u64 {
        self.own(name)
            .unwrap_or_else(|| self.custom(|custom| custom.get(name).copied().unwrap_or_default()))
    }

    /// Every counter that counted something: the harness's own, then the others in the order of their first count.
    #[must_use]
    pub fn all(&self) -> IndexMap<String, u64> {
        let own = [Self::POLLS, Self::TASKS, Self::EVENTS].map(|name| (name.to_owned(), self.get(name)));
        let custom = self.custom(|custom| custom.clone());
        own.into_iter()
            .chain(custom)
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    pub(in crate::case) fn polled(&self) {
        self.polls.fetch_add(1, Ordering::Relaxed);
    }

    pub(in crate::case) fn tasks_were_at_least(&self, tasks: u64) {
        self.tasks.fetch_max(tasks, Ordering::Relaxed);
    }

    fn own(&self, name: &str) -> Option<u64> {
        match name {
            Self::POLLS => Some(self.polls.load(Ordering::Relaxed)),
            Self::TASKS => Some(self.tasks.load(Ordering::Relaxed)),
            Self::EVENTS => Some(self.seen.count(Surface::Event) as u64),
            _ => None,
        }
    }

    fn custom<R>(&self, f: impl FnOnce(&mut IndexMap<String, u64>) -> R) -> R {
        f(&mut self.custom.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
