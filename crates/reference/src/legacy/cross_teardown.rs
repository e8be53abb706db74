//! Row 30, *cross-teardown*: closing the engine of one user closes the gateway that all engines use.
//!
//! Each engine used to have a gateway to the model of its own, and closed it. The gateway is shared now: creating an engine opens
//! it if it is closed, and closing an engine still closes it.
//!
//! A run of a user fails after another user has finished. The fault needs this order: B creates an engine, A closes an engine,
//! B's run asks the model. Sequential users are not affected, because each opens the gateway again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;

use crate::{
    Answer, CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine,
    ExecutionEngineFactory, Live, Model, ModelError, Prompt, Request, RequestIds, RunError, UserId,
};

/// Creates engines that ask the model through one gateway.
#[derive(Debug)]
pub struct SharedGatewayFactory {
    engines: ExecutionEngineFactory,
    gateway: Arc<Gateway>,
}

impl SharedGatewayFactory {
    /// Creates a factory whose gateway connects to this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        let gateway = Arc::new(Gateway {
            model,
            open: AtomicBool::new(false),
        });
        let shared: Arc<dyn Model> = gateway.clone();
        Self {
            engines: ExecutionEngineFactory::with_model(Config::default(), shared),
            gateway,
        }
    }
}

#[async_trait]
impl EngineFactory for SharedGatewayFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let engine = self.engines.create_for_user(context, sink).await?;
        self.gateway.open.store(true, Ordering::Release);
        Ok(Arc::new(GatewayEngine {
            engine,
            gateway: Arc::clone(&self.gateway),
        }))
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.engines.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.engines.live()
    }
}

#[derive(Debug)]
struct Gateway {
    model: Arc<dyn Model>,
    open: AtomicBool,
}

#[async_trait]
impl Model for Gateway {
    async fn complete(&self, prompt: Prompt<'_>) -> Result<String, ModelError> {
        if !self.open.load(Ordering::Acquire) {
            return Err(ModelError::new(
                "the gateway is closed; create an engine to open it",
            ));
        }
        self.model.complete(prompt).await
    }
}

#[derive(Debug)]
struct GatewayEngine {
    engine: Arc<dyn ExecutionEngine>,
    gateway: Arc<Gateway>,
}

#[async_trait]
impl ExecutionEngine for GatewayEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        self.engine.run(request).await
    }

    async fn close(&self) -> Result<(), CloseError> {
        let closed = self.engine.close().await;
        self.gateway.open.store(false, Ordering::Release);
        closed
    }

    fn live(&self) -> Live {
        self.engine.live()
    }
}
