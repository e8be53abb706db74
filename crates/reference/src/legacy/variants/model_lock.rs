//! Row 38, *starvation*: the client of the model is behind a lock, for all users, while it answers.
//!
//! The client has a buffer, so that it is used by one at a time. An answer takes as long as it takes.

use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::legacy::Legacy;
use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Request, RunError};

legacy_factory! {
    /// Creates engines with one client of the model.
    ModelLockFactory { client: Arc<Mutex<()>> = Arc::default() }
    engine |this, ids, sink, slot| LockedEngine {
        client: Arc::clone(&this.client),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug)]
struct LockedEngine {
    client: Arc<Mutex<()>>,
    base: Base,
}

legacy_engine!(LockedEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        let patience = Legacy::PATIENCE;
        self.base.answering(&request, async |_| {
            let client = timeout(patience, self.client.lock()).await;
            let _client = client.map_err(|_| RunError::Busy { patience })?;
            self.base.complete(&request).await
        }).await
    }
});
