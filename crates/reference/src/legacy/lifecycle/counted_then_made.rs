//! Row 37, *limit-race*: engines are counted, then made, with an await between.
//!
//! The count is read under the lock, and the lock is dropped while the account of the user is opened. Who counts meanwhile counts the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::yield_now;

use crate::legacy::base::{Base, legacy_engine};
use crate::{
    CloseError, CreateError, EngineFactory, EventSink, ExecutionEngine, Guarded, Live, Model, Registry,
    RequestIds, UserExecutionContext, UserId,
};

const LIMIT: usize = 3;

/// Creates engines within a limit, unless two are created at once.
#[derive(Debug)]
pub struct CountedThenMadeFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    counts: Arc<Guarded<BTreeMap<UserId, usize>>>,
}

impl CountedThenMadeFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(usize::MAX),
            counts: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for CountedThenMadeFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let ids = UserExecutionContext::new(context)?.ids().clone();
        let count = self
            .counts
            .with(|counts| counts.get(&ids.user).copied().unwrap_or_default());
        if count >= LIMIT {
            return Err(CreateError::LimitReached { limit: LIMIT });
        }
        yield_now().await;
        self.counts
            .with(|counts| *counts.entry(ids.user.clone()).or_default() += 1);
        let counts = Arc::clone(&self.counts);
        let slot = self.registry.reserve(&ids.user)?;
        slot.install(|slot| CountedEngine {
            counts,
            base: Base::new(&self.model, ids, sink, slot),
        })
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.registry.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.registry.live()
    }

    fn engine_limit(&self) -> Option<usize> {
        Some(LIMIT)
    }
}

#[derive(Debug)]
struct CountedEngine {
    counts: Arc<Guarded<BTreeMap<UserId, usize>>>,
    base: Base,
}

impl Drop for CountedEngine {
    fn drop(&mut self) {
        self.counts.with(|counts| {
            if let Some(count) = counts.get_mut(&self.base.ids.user) {
                *count -= 1;
            }
        });
    }
}

legacy_engine!(CountedEngine {});
