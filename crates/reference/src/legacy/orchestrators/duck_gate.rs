//! Row 21, *name-gate*: the orchestrator takes every engine that says of itself what the canonical one says.
//!
//! Instead of the type, the gate asks whether the engine keeps users apart. That is what the canonical engine says, and a wrapper or a
//! copy says it too.

use std::sync::Arc;

use async_trait::async_trait;

use super::system::orchestrating_factory;
use crate::{Answer, DeprecatedEngine, ExecutionEngine, Orchestrator, Request, RunError};

orchestrating_factory! {
    /// Creates canonical engines, and orchestrators that take others too.
    DuckGateFactory => DuckGateOrchestrator
}

/// Takes what claims to keep users apart.
#[derive(Debug)]
struct DuckGateOrchestrator {
    engine: Arc<dyn ExecutionEngine>,
}

impl DuckGateOrchestrator {
    fn take(engine: Arc<dyn ExecutionEngine>) -> Result<Self, DeprecatedEngine> {
        if engine.attests_isolation() == Some(true) {
            return Ok(Self { engine });
        }
        Err(DeprecatedEngine::new(
            "an engine that does not claim to keep users apart",
        ))
    }
}

#[async_trait]
impl Orchestrator for DuckGateOrchestrator {
    async fn orchestrate(&self, request: Request) -> Result<Answer, RunError> {
        self.engine.run(request).await
    }

    fn replace_engine(&mut self, engine: Arc<dyn ExecutionEngine>) -> Result<(), DeprecatedEngine> {
        *self = Self::take(engine)?;
        Ok(())
    }
}
