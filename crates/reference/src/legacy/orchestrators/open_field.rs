//! Row 22, *engine-swapped*: the engine can be replaced after construction, without a check.
//!
//! The constructor checks. The field is public within the crate, since a test had to put a fake there, and the method that sets it is
//! older than the check.

use std::sync::Arc;

use async_trait::async_trait;

use super::system::orchestrating_factory;
use crate::{Answer, DeprecatedEngine, ExecutionEngine, Orchestrator, Request, RunError};

orchestrating_factory! {
    /// Creates canonical engines, and orchestrators that take others too.
    OpenFieldFactory => OpenFieldOrchestrator
}

/// Checks in its constructor only.
#[derive(Debug)]
struct OpenFieldOrchestrator {
    engine: Arc<dyn ExecutionEngine>,
}

impl OpenFieldOrchestrator {
    fn take(engine: Arc<dyn ExecutionEngine>) -> Result<Self, DeprecatedEngine> {
        let engine = engine.canonical()?;
        Ok(Self { engine })
    }
}

#[async_trait]
impl Orchestrator for OpenFieldOrchestrator {
    async fn orchestrate(&self, request: Request) -> Result<Answer, RunError> {
        self.engine.run(request).await
    }

    fn replace_engine(&mut self, engine: Arc<dyn ExecutionEngine>) -> Result<(), DeprecatedEngine> {
        self.engine = engine;
        Ok(())
    }
}
