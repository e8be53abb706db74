//! Row 42, *shared-connection*: one connection serves all users, and its user is set for each query.
//!
//! A query is two messages: one sets the user, one asks. Another user's first message can come between.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::yield_now;

use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started};
use crate::{Answer, Guarded, Request, RequestIds, RunError, UserId};

legacy_factory! {
    /// Creates engines that share a connection.
    OneConnectionFactory { connection: Arc<Connection> = Arc::default() }
    engine |this, ids, sink, slot| SharingEngine {
        connection: Arc::clone(&this.connection),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

/// What the server knows of the only session.
#[derive(Debug, Default)]
struct Connection(Guarded<Session>);

#[derive(Debug, Default)]
struct Session {
    user: Option<UserId>,
    rows: BTreeMap<UserId, String>,
}

impl Connection {
    async fn set_user(&self, user: &UserId) {
        yield_now().await;
        self.0.with(|session| session.user = Some(user.clone()));
    }

    /// Stores a row of the user that is set, and returns the one before.
    async fn exchange(&self, row: &str) -> Option<String> {
        yield_now().await;
        self.0.with(|session| {
            let user = session.user.clone()?;
            session.rows.insert(user, row.to_owned())
        })
    }
}

#[derive(Debug)]
struct SharingEngine {
    connection: Arc<Connection>,
    base: Base,
}

impl SharingEngine {
    async fn answer(&self, ids: &RequestIds, request: &Request) -> Result<String, RunError> {
        self.connection.set_user(&ids.user).await;
        let before = self.connection.exchange(request.prompt()?).await;
        let answer = self.base.complete(request).await?;
        Ok(format!("{answer}; before that: {}", before.unwrap_or_default()))
    }
}

legacy_engine!(SharingEngine {
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
