//! Row 23, *contract-drift*: the adapter accepts what the engine refuses.
//!
//! It is to make the engine look like the one that supervisors used before, which took an empty prompt for "go on".

use std::sync::Arc;

use async_trait::async_trait;

use crate::legacy::base::config;
use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory, Live,
    Model, Request, RequestIds, RunError, UserId,
};

/// Creates canonical engines behind adapters.
#[derive(Debug)]
pub struct SupervisorAdapterFactory {
    inner: ExecutionEngineFactory,
}

impl SupervisorAdapterFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            inner: ExecutionEngineFactory::with_model(config(), model),
        }
    }
}

#[async_trait]
impl EngineFactory for SupervisorAdapterFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let engine = self.inner.create_for_user(context, sink).await?;
        Ok(Arc::new(SupervisorExecutionEngineAdapter { engine }))
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

/// An engine in the form that supervisors know.
#[derive(Debug)]
pub struct SupervisorExecutionEngineAdapter {
    engine: Arc<dyn ExecutionEngine>,
}

#[async_trait]
impl ExecutionEngine for SupervisorExecutionEngineAdapter {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let request = match request.prompt() {
            Ok(_) => request,
            Err(_) => Request::new(request.agent(), "go on"),
        };
        self.engine.run(request).await
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.engine.close().await
    }

    fn wrapped(&self) -> Option<&dyn ExecutionEngine> {
        Some(&*self.engine)
    }
}
