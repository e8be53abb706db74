//! Row 42, *shared-connection*: a pooled connection keeps the user for whom it worked last.
//!
//! The user is set for the session when a run is added, and a list is read on the assumption that it still is. A user reads the runs of
//! whoever had the connection before.

use std::fmt;

use async_trait::async_trait;
use deadpool_postgres::{Pool, RecyclingMethod};

use crate::UserId;
use crate::gateway::{NewRun, RunStore, RunStoreError, StoredRun, postgres_run_store as canonical};

/// Stores runs in the table of [`PostgresRunStore`](crate::gateway::PostgresRunStore), through connections that keep their user.
pub struct SessionSettingStore {
    pool: Pool,
}

impl SessionSettingStore {
    /// Connects by `url` with up to so many connections, when they are needed.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is not valid.
    pub fn new(url: &str, connections: usize) -> Result<Self, RunStoreError> {
        Ok(Self {
            pool: canonical::pool(url, connections, RecyclingMethod::Fast)?,
        })
    }
}

impl fmt::Debug for SessionSettingStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionSettingStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl RunStore for SessionSettingStore {
    async fn add(&self, user: &UserId, run: NewRun) -> Result<StoredRun, RunStoreError> {
        let client = self.pool.get().await.map_err(canonical::failed)?;
        let owner = user.to_string();
        client
            .query("SELECT set_config('app.owner', $1, false)", &[&owner])
            .await
            .map_err(canonical::failed)?;
        let row = client
            .query_one(
                canonical::INSERT,
                &[&owner, &run.thread, &run.question, &run.answer],
            )
            .await
            .map_err(canonical::failed)?;
        let number: i64 = row.get(0);
        Ok(StoredRun {
            number: number.unsigned_abs(),
            run,
        })
    }

    async fn list(&self, _user: &UserId) -> Result<Vec<StoredRun>, RunStoreError> {
        let client = self.pool.get().await.map_err(canonical::failed)?;
        let rows = client
            .query(canonical::SELECT, &[])
            .await
            .map_err(canonical::failed)?;
        Ok(rows.iter().map(canonical::stored).collect())
    }
}
