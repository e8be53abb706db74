//! Row 21, *name-gate*: the orchestrator knows the canonical engine by the name of its type.
//!
//! A trait object has no type that could be compared, so that the gate reads its name. An engine of the same name in another module, or one
//! whose name begins like it, is let through.

use std::sync::Arc;

use async_trait::async_trait;

use super::system::orchestrating_factory;
use crate::{Answer, DeprecatedEngine, ExecutionEngine, Orchestrator, Request, RunError};

orchestrating_factory! {
    /// Creates canonical engines, and orchestrators that take others too.
    NameGateFactory => NameGateOrchestrator
}

/// Takes what is called like the canonical engine.
#[derive(Debug)]
struct NameGateOrchestrator {
    engine: Arc<dyn ExecutionEngine>,
}

impl NameGateOrchestrator {
    fn take(engine: Arc<dyn ExecutionEngine>) -> Result<Self, DeprecatedEngine> {
        // The name is the first word of what `Debug` writes.
        if format!("{engine:?}").starts_with("UserExecutionEngine") {
            return Ok(Self { engine });
        }
        Err(DeprecatedEngine::new("an engine of another name"))
    }
}

#[async_trait]
impl Orchestrator for NameGateOrchestrator {
    async fn orchestrate(&self, request: Request) -> Result<Answer, RunError> {
        self.engine.run(request).await
    }

    fn replace_engine(&mut self, engine: Arc<dyn ExecutionEngine>) -> Result<(), DeprecatedEngine> {
        *self = Self::take(engine)?;
        Ok(())
    }
}
