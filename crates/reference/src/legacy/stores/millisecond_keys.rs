//! Row 36, *key-collision*: engines are kept under a key of the user and the millisecond.
//!
//! No user was expected to create two engines within a millisecond. When one does, the second takes the place of the first, and the first
//! is never counted as closed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use tokio::time::Instant;

use crate::legacy::base::{Base, legacy_factory};
use crate::{Answer, CloseError, ExecutionEngine, Guarded, Live, Request, RunError};

legacy_factory! {
    /// Creates engines under keys that may be equal.
    MillisecondKeysFactory { open: Arc<Open> = Arc::new(Open::new()) }
    engine |this, ids, sink, slot| {
        let key = this.open.insert(&ids.user);
        KeyedEngine { open: Arc::clone(&this.open), key, base: Base::new(&this.model, ids, sink, slot) }
    };
    live |this| Live { engines: this.open.count.load(Ordering::Relaxed), ..this.registry.live() };
}

#[derive(Debug)]
struct Open {
    begun: Instant,
    keys: Guarded<BTreeSet<String>>,
    count: AtomicUsize,
}

impl Open {
    fn new() -> Self {
        Self {
            begun: Instant::now(),
            keys: Guarded::default(),
            count: AtomicUsize::new(0),
        }
    }

    fn insert(&self, user: &str) -> String {
        let short: String = user.chars().take(8).collect();
        let key = format!("{short}_{}", self.begun.elapsed().as_millis());
        self.count.fetch_add(1, Ordering::Relaxed);
        self.keys.with(|keys| keys.insert(key.clone()));
        key
    }

    fn remove(&self, key: &str) {
        if self.keys.with(|keys| keys.remove(key)) {
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

#[derive(Debug)]
struct KeyedEngine {
    open: Arc<Open>,
    key: String,
    base: Base,
}

impl Drop for KeyedEngine {
    fn drop(&mut self) {
        self.open.remove(&self.key);
    }
}

#[async_trait]
impl ExecutionEngine for KeyedEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.run(&request).await
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.base.close().await
    }

    fn live(&self) -> Live {
        self.base.live()
    }
}
