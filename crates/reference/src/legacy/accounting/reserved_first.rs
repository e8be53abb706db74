//! Row 35, *slot-kept-on-error*: a permit is reserved for an engine that is not made.
//!
//! Permits are taken out of a common stock before the identity is checked, and put back when an engine is dropped. Where no engine comes
//! to be, nobody puts the permit back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use crate::legacy::base::config;
use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory, Live,
    Model, Request, RequestIds, RunError, UserId,
};

/// Creates engines out of a stock of permits.
#[derive(Debug)]
pub struct ReservedFirstFactory {
    inner: ExecutionEngineFactory,
    reserved: Arc<AtomicUsize>,
}

impl ReservedFirstFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            inner: ExecutionEngineFactory::with_model(config(), model),
            reserved: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for ReservedFirstFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        self.reserved.fetch_add(1, Ordering::Relaxed);
        let engine = self.inner.create_for_user(context, sink).await?;
        Ok(Arc::new(PermittedEngine {
            engine,
            reserved: Arc::clone(&self.reserved),
        }))
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.inner.clean_up(user).await
    }

    fn live(&self) -> Live {
        let mut live = self.inner.live();
        live.permits += self.reserved.load(Ordering::Relaxed);
        live
    }

    fn wrapped(&self) -> Option<&dyn EngineFactory> {
        Some(&self.inner)
    }
}

#[derive(Debug)]
struct PermittedEngine {
    engine: Arc<dyn ExecutionEngine>,
    reserved: Arc<AtomicUsize>,
}

#[async_trait]
impl ExecutionEngine for PermittedEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        self.engine.run(request).await
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.engine.close().await
    }

    fn wrapped(&self) -> Option<&dyn ExecutionEngine> {
        Some(&*self.engine)
    }
}

impl Drop for PermittedEngine {
    fn drop(&mut self) {
        self.reserved.fetch_sub(1, Ordering::Relaxed);
    }
}
