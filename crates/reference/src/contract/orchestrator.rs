use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::{Answer, ExecutionEngine, Request};
use crate::{DeprecatedEngine, RunError};

/// Runs the steps of a workflow on an engine, which has to be the canonical one.
#[async_trait]
pub trait Orchestrator: fmt::Debug + Send + Sync {
    /// Runs the workflow for a request.
    ///
    /// # Errors
    ///
    /// Returns why a step failed.
    async fn orchestrate(&self, request: Request) -> Result<Answer, RunError>;

    /// Runs further workflows on this engine.
    ///
    /// # Errors
    ///
    /// Returns an error, and keeps the engine that it has, if this is not the canonical one.
    fn replace_engine(&mut self, engine: Arc<dyn ExecutionEngine>) -> Result<(), DeprecatedEngine>;
}
