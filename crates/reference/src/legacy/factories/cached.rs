//! Row 02, *memoised-instance*: the factory returns the engine that it made first.
//!
//! Engines used to be expensive, and there was one user. The cell in which the engine is kept is older than the argument that says for
//! whom it is made.

use std::sync::Arc;

use async_trait::async_trait;

use crate::legacy::base::config;
use crate::{
    CloseError, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory, Guarded,
    Live, Model, RequestIds, UserId,
};

/// Creates one engine, and returns it to everyone.
#[derive(Debug)]
pub struct CachedEngineFactory {
    inner: ExecutionEngineFactory,
    cached: Guarded<Option<Arc<dyn ExecutionEngine>>>,
}

impl CachedEngineFactory {
    /// Creates a factory whose engine asks this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            inner: ExecutionEngineFactory::with_model(config(), model),
            cached: Guarded::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for CachedEngineFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        if let Some(cached) = self.cached.with(|cached| cached.clone()) {
            return Ok(cached);
        }
        let engine = self.inner.create_for_user(context, sink).await?;
        Ok(self
            .cached
            .with(|cached| Arc::clone(cached.get_or_insert(engine))))
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
}
