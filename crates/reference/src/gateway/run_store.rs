use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Guarded, UserId};

/// A question that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRun {
    /// The thread of the question.
    pub thread: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// A run as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRun {
    /// Its place among the runs of its user, from 1.
    pub number: u64,
    /// What was asked and answered.
    #[serde(flatten)]
    pub run: NewRun,
}

/// Stores the runs of users. Each user has its own.
#[async_trait]
pub trait RunStore: fmt::Debug + Send + Sync {
    /// Stores a run of a user. A call that is dropped has stored it or has not.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be reached.
    async fn add(&self, user: &UserId, run: NewRun) -> Result<StoredRun, RunStoreError>;

    /// Returns the runs of a user, oldest first.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be reached.
    async fn list(&self, user: &UserId) -> Result<Vec<StoredRun>, RunStoreError>;
}

/// The store of runs cannot be reached.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the store of runs cannot be reached; try again: {reason}")]
pub struct RunStoreError {
    /// Why. Holds no data of users.
    pub reason: String,
}

/// Stores runs in memory.
#[derive(Debug, Default)]
pub struct InMemoryRunStore(Guarded<BTreeMap<UserId, Vec<StoredRun>>>);

#[async_trait]
impl RunStore for InMemoryRunStore {
    async fn add(&self, user: &UserId, run: NewRun) -> Result<StoredRun, RunStoreError> {
        // As a store behind a connection does.
        tokio::task::yield_now().await;
        Ok(self.0.with(|runs| {
            let runs = runs.entry(user.clone()).or_default();
            let stored = StoredRun {
                number: runs.len() as u64 + 1,
                run,
            };
            runs.push(stored.clone());
            stored
        }))
    }

    async fn list(&self, user: &UserId) -> Result<Vec<StoredRun>, RunStoreError> {
        tokio::task::yield_now().await;
        Ok(self.0.with(|runs| runs.get(user).cloned().unwrap_or_default()))
    }
}
