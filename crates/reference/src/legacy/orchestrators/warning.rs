//! Row 20, *deprecated-accepted*: the orchestrator warns of a deprecated engine and runs it.
//!
//! The check came with a grace period of one release. What it finds is counted, for a dashboard, and the engine is taken.

use std::sync::Arc;

use async_trait::async_trait;

use super::system::orchestrating_factory;
use crate::{Answer, DeprecatedEngine, ExecutionEngine, Orchestrator, Request, RunError};

orchestrating_factory! {
    /// Creates canonical engines, and orchestrators that take others too.
    WarningOrchestratorFactory => WarningOrchestrator
}

/// Counts the deprecated engines that it was given.
#[derive(Debug)]
struct WarningOrchestrator {
    engine: Arc<dyn ExecutionEngine>,
    warnings: usize,
}

impl WarningOrchestrator {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "it is to return the error after the grace period"
    )]
    fn take(engine: Arc<dyn ExecutionEngine>) -> Result<Self, DeprecatedEngine> {
        let warnings = usize::from(Arc::clone(&engine).canonical().is_err());
        Ok(Self { engine, warnings })
    }
}

#[async_trait]
impl Orchestrator for WarningOrchestrator {
    async fn orchestrate(&self, request: Request) -> Result<Answer, RunError> {
        self.engine.run(request).await
    }

    fn replace_engine(&mut self, engine: Arc<dyn ExecutionEngine>) -> Result<(), DeprecatedEngine> {
        self.warnings += usize::from(Arc::clone(&engine).canonical().is_err());
        self.engine = engine;
        Ok(())
    }
}
