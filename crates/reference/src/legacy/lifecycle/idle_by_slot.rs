//! Row 31, *cleanup-races-run*: what is idle is decided by when an engine was made.
//!
//! The engine that is oldest is closed when a sweep finds more than one. That it runs something is not known to the registry.

use std::sync::{Arc, Weak};

use async_trait::async_trait;

use crate::legacy::base::config;
use crate::{
    CloseError, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory, Guarded,
    Live, Model, RequestIds, UserId,
};

/// Creates engines, and forgets the oldest when it sweeps.
#[derive(Debug)]
pub struct OldestFirstFactory {
    inner: ExecutionEngineFactory,
    made: Guarded<Vec<(UserId, Weak<dyn ExecutionEngine>)>>,
}

impl OldestFirstFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            inner: ExecutionEngineFactory::with_model(config(), model),
            made: Guarded::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for OldestFirstFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let user = context.user.clone();
        let engine = self.inner.create_for_user(context, sink).await?;
        self.made.with(|made| made.push((user, Arc::downgrade(&engine))));
        Ok(engine)
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.inner.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.inner.live()
    }

    fn wrapped(&self) -> Option<&dyn EngineFactory> {
        Some(&self.inner)
    }

    async fn sweep(&self) -> Option<Result<usize, CloseError>> {
        let oldest = self.made.with(|made| {
            made.retain(|(_, engine)| engine.strong_count() > 0);
            (made.len() > 1).then(|| made.remove(0))
        });
        let Some((user, _)) = oldest else {
            return Some(Ok(0));
        };
        Some(self.inner.clean_up(&user).await.map(|()| 1))
    }
}
