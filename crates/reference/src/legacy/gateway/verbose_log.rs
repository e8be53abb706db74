//! Row 44, *diagnostics-leak*: a line of the log shows everything that is stored, in the name of one user.

use async_trait::async_trait;

use crate::gateway::{InMemoryRunStore, NewRun, RunStore, RunStoreError, StoredRun};
use crate::{Guarded, UserId};

/// Stores runs in memory, and logs all that there are with each that is added.
#[derive(Debug, Default)]
pub struct VerboseLogStore {
    runs: InMemoryRunStore,
    all: Guarded<Vec<StoredRun>>,
}

#[async_trait]
impl RunStore for VerboseLogStore {
    async fn add(&self, user: &UserId, run: NewRun) -> Result<StoredRun, RunStoreError> {
        let stored = self.runs.add(user, run).await?;
        let runs = self.all.with(|all| {
            all.push(stored.clone());
            format!("{all:?}")
        });
        tracing::info!(%user, %runs, "a run was stored");
        Ok(stored)
    }

    async fn list(&self, user: &UserId) -> Result<Vec<StoredRun>, RunStoreError> {
        self.runs.list(user).await
    }
}
