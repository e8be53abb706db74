//! Row 20, *deprecated-accepted*: the orchestrator takes any engine.
//!
//! The engine is injected, for tests to put a fake in its place. The trait is the only bound, and every engine that there has ever been
//! implements it.

use std::sync::Arc;

use async_trait::async_trait;

use super::system::orchestrating_factory;
use crate::{Answer, DeprecatedEngine, ExecutionEngine, Orchestrator, Request, RunError};

orchestrating_factory! {
    /// Creates canonical engines, and orchestrators that take others too.
    InjectedOrchestratorFactory => WorkflowOrchestrator
}

/// A clean orchestrator but for what it takes.
#[derive(Debug)]
pub struct WorkflowOrchestrator {
    engine: Arc<dyn ExecutionEngine>,
}

impl WorkflowOrchestrator {
    // The signature is that of the one that checks.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "orchestrators that check return an error"
    )]
    fn take(engine: Arc<dyn ExecutionEngine>) -> Result<Self, DeprecatedEngine> {
        Ok(Self { engine })
    }
}

#[async_trait]
impl Orchestrator for WorkflowOrchestrator {
    async fn orchestrate(&self, request: Request) -> Result<Answer, RunError> {
        self.engine.run(request).await
    }

    fn replace_engine(&mut self, engine: Arc<dyn ExecutionEngine>) -> Result<(), DeprecatedEngine> {
        self.engine = engine;
        Ok(())
    }
}
