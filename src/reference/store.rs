use std::collections::{BTreeMap, VecDeque};

use super::Guarded;
use crate::user::{ThreadId, UserId};

/// What was said in each user's threads. The key is user *and* thread, for two users may have threads of one
/// name.
#[derive(Debug)]
pub struct ThreadStore<T> {
    keep: usize,
    threads: Guarded<BTreeMap<(UserId, ThreadId), VecDeque<T>>>,
}

impl<T: Clone> ThreadStore<T> {
    /// An empty store that keeps the last `keep` entries of a thread.
    #[must_use]
    pub fn new(keep: usize) -> Self {
        Self {
            keep,
            threads: Guarded::default(),
        }
    }

    /// The entries of a thread, oldest first.
    pub async fn read(&self, user: &UserId, thread: &ThreadId) -> Vec<T> {
        self.round_trip().await;
        let key = (user.clone(), thread.clone());
        self.threads
            .with(|threads| threads.get(&key).map(|entries| entries.iter().cloned().collect()))
            .unwrap_or_default()
    }

    /// Adds an entry to a thread, and returns how many it has now. The entry is added whole or, where the
    /// call is dropped, not at all.
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

    /// Where a store behind a connection would wait.
    async fn round_trip(&self) {
        tokio::task::yield_now().await;
    }
}
