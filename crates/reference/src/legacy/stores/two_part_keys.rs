//! Row 41, *key-mismatch*: an engine is inserted under its user and thread, and removed under its user and session.
//!
//! The key was to be that of a conversation. Closing knows the connection.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;

use crate::legacy::base::{Base, legacy_factory};
use crate::{Answer, CloseError, ExecutionEngine, Guarded, Live, Request, RunError};

type Keys = Arc<Guarded<BTreeSet<(String, String)>>>;

legacy_factory! {
    /// Creates engines that are never removed.
    TwoPartKeysFactory { keys: Keys = Arc::default() }
    engine |this, ids, sink, slot| {
        this.keys.with(|keys| keys.insert((ids.user.to_string(), ids.thread.to_string())));
        KeyedEngine { keys: Arc::clone(&this.keys), base: Base::new(&this.model, ids, sink, slot) }
    };
    live |this| Live { engines: this.keys.with(|keys| keys.len()), ..this.registry.live() };
}

#[derive(Debug)]
struct KeyedEngine {
    keys: Keys,
    base: Base,
}

#[async_trait]
impl ExecutionEngine for KeyedEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.run(&request).await
    }

    async fn close(&self) -> Result<(), CloseError> {
        let ids = &self.base.ids;
        self.keys
            .with(|keys| keys.remove(&(ids.user.to_string(), ids.session.to_string())));
        self.base.close().await
    }

    fn live(&self) -> Live {
        self.base.live()
    }
}
