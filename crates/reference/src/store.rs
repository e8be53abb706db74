use std::collections::{BTreeMap, VecDeque};

use super::{Guarded, ThreadId, UserId};

/// Stores the entries of each user's threads. The key is user *and* thread, as two users may have threads with the same id.
#[derive(Debug)]
pub struct ThreadStore<T> {
    keep: usize,
    threads: Guarded<BTreeMap<(UserId, ThreadId), VecDeque<T>>>,
}

impl<T: Clone> ThreadStore<T> {
    /// Creates an empty store that keeps the last `keep` entries of a thread.
    #[must_use]
    pub fn new(keep: usize) -> Self {
        Self {
            keep,
            threads: Guarded::default(),
        }
    }

    /// Returns the entries of a thread, oldest first.
    pub async fn read(&self, user: &UserId, thread: &ThreadId) -> Vec<T> {
        self.round_trip().await;
        let key = (user.clone(), thread.clone());
        self.threads
            .with(|threads| threads.get(&key).map(|entries| entries.iter().cloned().collect()))
            .unwrap_or_default()
    }

    /// Adds an entry to a thread, and returns the new number of entries. A call that is dropped has added the entry or has
    /// not.
    pub async fn append(&self, user: &UserId, thread: &ThreadId, entry: T) -> usize {
        self.round_trip().await;
        let key = (user.clone(), thread.clone());
        self.threads.with(|threads| {
            let entries = threads.entry(key).or_default();
            entries.push_back(entry);
            if entries.len() > self.keep {
                entries.pop_front();
            }
            entries.len()
        })
    }

    /// The number of entries of all threads.
    pub fn entries(&self) -> usize {
        self.threads
            .with(|threads| threads.values().map(VecDeque::len).sum())
    }

    /// The number of entries of a thread.
    pub fn count(&self, user: &UserId, thread: &ThreadId) -> usize {
        let key = (user.clone(), thread.clone());
        self.threads
            .with(|threads| threads.get(&key).map_or(0, VecDeque::len))
    }

    /// Yields where a store behind a connection would wait.
    async fn round_trip(&self) {
        tokio::task::yield_now().await;
    }
}
