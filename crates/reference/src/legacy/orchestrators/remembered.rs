//! Row 22, *engine-swapped*: what was checked once is not checked again.
//!
//! The check was slow, so that its outcome is remembered in a flag. The flag belongs to the orchestrator, and the engine changes under it.

use std::sync::Arc;

use async_trait::async_trait;

use super::system::orchestrating_factory;
use crate::{Answer, DeprecatedEngine, ExecutionEngine, Orchestrator, Request, RunError};

orchestrating_factory! {
    /// Creates canonical engines, and orchestrators that take others too.
    RememberingFactory => RememberingOrchestrator
}

/// Checks the first engine that it gets.
#[derive(Debug)]
struct RememberingOrchestrator {
    engines: Vec<Arc<dyn ExecutionEngine>>,
    is_checked: bool,
}

impl RememberingOrchestrator {
    fn take(engine: Arc<dyn ExecutionEngine>) -> Result<Self, DeprecatedEngine> {
        let mut orchestrator = Self {
            engines: Vec::new(),
            is_checked: false,
        };
        orchestrator.push(engine)?;
        Ok(orchestrator)
    }

    fn push(&mut self, engine: Arc<dyn ExecutionEngine>) -> Result<(), DeprecatedEngine> {
        if !self.is_checked {
            Arc::clone(&engine).canonical()?;
            self.is_checked = true;
        }
        self.engines.push(engine);
        Ok(())
    }
}

#[async_trait]
impl Orchestrator for RememberingOrchestrator {
    async fn orchestrate(&self, request: Request) -> Result<Answer, RunError> {
        let engine = self.engines.last().ok_or(RunError::Closed)?;
        engine.run(request).await
    }

    fn replace_engine(&mut self, engine: Arc<dyn ExecutionEngine>) -> Result<(), DeprecatedEngine> {
        self.push(engine)
    }
}
