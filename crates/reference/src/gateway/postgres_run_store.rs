use std::fmt;
use std::str::FromStr as _;

use async_trait::async_trait;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Transaction};
use tokio_postgres::{Config, NoTls, Row};

use super::{NewRun, RunStore, RunStoreError, StoredRun};
use crate::UserId;

/// Stores runs in PostgreSQL. Row-level security keeps users apart: a transaction says whose it is, and sees that user's rows.
///
/// The setting ends with the transaction, and a connection is reset before it is taken from the pool again, so that no connection keeps a
/// user.
pub struct PostgresRunStore {
    pool: Pool,
}

impl PostgresRunStore {
    /// The table and its policy, to be made by an owner that the application does not connect as.
    pub const SCHEMA: &str = "
        CREATE TABLE runs (
            owner text NOT NULL,
            number bigint NOT NULL,
            thread text NOT NULL,
            question text NOT NULL,
            answer text NOT NULL,
            PRIMARY KEY (owner, number)
        );
        ALTER TABLE runs ENABLE ROW LEVEL SECURITY;
        ALTER TABLE runs FORCE ROW LEVEL SECURITY;
        CREATE POLICY own ON runs
            USING (owner = current_setting('app.owner', true))
            WITH CHECK (owner = current_setting('app.owner', true));";

    /// Connects by `url` with up to so many connections, when they are needed.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is not valid.
    pub fn new(url: &str, connections: usize) -> Result<Self, RunStoreError> {
        Ok(Self {
            pool: pool(url, connections, RecyclingMethod::Clean)?,
        })
    }
}

pub(crate) fn pool(
    url: &str,
    connections: usize,
    recycling_method: RecyclingMethod,
) -> Result<Pool, RunStoreError> {
    let config = Config::from_str(url).map_err(|_| RunStoreError {
        reason: "the address of the database is not valid".to_owned(),
    })?;
    let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method });
    Pool::builder(manager)
        .max_size(connections)
        .build()
        .map_err(failed)
}

/// Begins to work for a user, until the end of the transaction.
async fn work_for(transaction: &Transaction<'_>, user: &UserId) -> Result<(), RunStoreError> {
    let user = user.to_string();
    transaction
        .query("SELECT set_config('app.owner', $1, true)", &[&user])
        .await
        .map(drop)
        .map_err(failed)
}

#[async_trait]
impl RunStore for PostgresRunStore {
    async fn add(&self, user: &UserId, run: NewRun) -> Result<StoredRun, RunStoreError> {
        let mut client = self.pool.get().await.map_err(failed)?;
        let transaction = client.transaction().await.map_err(failed)?;
        work_for(&transaction, user).await?;
        let owner = user.to_string();
        // Two runs of one user that are added at once would be given one number.
        let alone = "SELECT pg_advisory_xact_lock(hashtext($1))";
        transaction.query(alone, &[&owner]).await.map_err(failed)?;
        let row = transaction
            .query_one(INSERT, &[&owner, &run.thread, &run.question, &run.answer])
            .await
            .map_err(failed)?;
        let number: i64 = row.get(0);
        transaction.commit().await.map_err(failed)?;
        Ok(StoredRun {
            number: number.unsigned_abs(),
            run,
        })
    }

    async fn list(&self, user: &UserId) -> Result<Vec<StoredRun>, RunStoreError> {
        let mut client = self.pool.get().await.map_err(failed)?;
        let transaction = client.transaction().await.map_err(failed)?;
        work_for(&transaction, user).await?;
        let rows = transaction.query(SELECT, &[]).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(rows.iter().map(stored).collect())
    }
}

impl fmt::Debug for PostgresRunStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresRunStore").finish_non_exhaustive()
    }
}

pub(crate) const INSERT: &str = "
    INSERT INTO runs (owner, number, thread, question, answer)
    SELECT $1, 1 + (SELECT coalesce(max(number), 0) FROM runs WHERE owner = $1), $2, $3, $4
    RETURNING number";

pub(crate) const SELECT: &str = "SELECT number, thread, question, answer FROM runs ORDER BY number";

pub(crate) fn stored(row: &Row) -> StoredRun {
    let number: i64 = row.get(0);
    StoredRun {
        number: number.unsigned_abs(),
        run: NewRun {
            thread: row.get(1),
            question: row.get(2),
            answer: row.get(3),
        },
    }
}

/// What went wrong, without what the statement was about.
pub(crate) fn failed(error: impl std::error::Error) -> RunStoreError {
    let code = std::error::Error::source(&error)
        .and_then(|source| source.downcast_ref::<tokio_postgres::error::DbError>())
        .map(|error| error.code().code().to_owned());
    RunStoreError {
        reason: code.map_or_else(
            || "there is no connection".to_owned(),
            |code| format!("PostgreSQL says {code}"),
        ),
    }
}
