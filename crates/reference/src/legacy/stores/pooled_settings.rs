//! Row 42, *shared-connection*: a pooled connection keeps the user that was set on it.
//!
//! The database shows a connection the rows of the user that is set on it. The user is set when a connection is opened, and a connection
//! that is taken out of the pool is open.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::yield_now;

use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started};
use crate::{Answer, Guarded, Request, RequestIds, RunError, UserId};

legacy_factory! {
    /// Creates engines that remember by a pool of connections.
    PooledSettingsFactory { database: Arc<Database> = Arc::default() }
    engine |this, ids, sink, slot| RememberingEngine {
        database: Arc::clone(&this.database),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug, Default)]
struct Database {
    rows: Guarded<BTreeMap<UserId, Vec<String>>>,
    pool: Guarded<Vec<Connection>>,
}

#[derive(Debug)]
struct Connection {
    user: UserId,
}

impl Database {
    async fn connect(&self, user: &UserId) -> Connection {
        yield_now().await;
        let pooled = self.pool.with(Vec::pop);
        pooled.unwrap_or_else(|| Connection { user: user.clone() })
    }

    fn put_back(&self, connection: Connection) {
        self.pool.with(|pool| pool.push(connection));
    }

    async fn select(&self, connection: &Connection) -> Vec<String> {
        yield_now().await;
        self.rows
            .with(|rows| rows.get(&connection.user).cloned().unwrap_or_default())
    }

    async fn insert(&self, connection: &Connection, row: String) {
        yield_now().await;
        self.rows
            .with(|rows| rows.entry(connection.user.clone()).or_default().push(row));
    }
}

#[derive(Debug)]
struct RememberingEngine {
    database: Arc<Database>,
    base: Base,
}

impl RememberingEngine {
    async fn answer(&self, ids: &RequestIds, request: &Request) -> Result<String, RunError> {
        let connection = self.database.connect(&ids.user).await;
        let before = self.database.select(&connection).await;
        let answer = self.base.complete(request).await?;
        self.database
            .insert(&connection, request.prompt()?.to_owned())
            .await;
        self.database.put_back(connection);
        Ok(format!("{answer}; before that: {}", before.join(", ")))
    }
}

legacy_engine!(RememberingEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let ids = self.base.next_run();
        self.base.emit(&ids, started(&request)).await?;
        let result = self.answer(&ids, &request).await;
        self.base.emit(&ids, completed(&result)).await?;
        Ok(Answer { run_id: ids.run, text: result? })
    }
});
