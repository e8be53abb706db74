use std::sync::Arc;

use thiserror::Error;

use super::{DataSufficiency, WorkflowOrchestrator};
use crate::{
    CreateError, EventSink, ExecutionEngine as _, ExecutionEngineFactory, PipelineError, RequestIds,
    ScopeError,
};

/// Serves requests of any user: for each it creates an engine, runs the workflow for which there is enough data, and closes the
/// engine. It keeps nothing about a user.
#[derive(Clone, Debug)]
pub struct SupervisorAgent {
    factory: Arc<ExecutionEngineFactory>,
}

impl SupervisorAgent {
    /// Creates a supervisor over the engines of this factory.
    #[must_use]
    pub fn new(factory: Arc<ExecutionEngineFactory>) -> Self {
        Self { factory }
    }

    /// The factory of its engines.
    #[must_use]
    pub fn factory(&self) -> &ExecutionEngineFactory {
        &self.factory
    }

    /// Serves one request of the user in `context`, for which `facts` are known. Returns the report.
    ///
    /// # Errors
    ///
    /// Returns an error if no engine was created, if an agent failed, and if the engine did not close well.
    pub async fn serve(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
        prompt: &str,
        facts: &[String],
    ) -> Result<String, SupervisorError> {
        let engine = self.factory.create(context, sink).await?;
        let orchestrator = WorkflowOrchestrator::new(Arc::clone(&engine));
        let request = if facts.is_empty() {
            prompt.to_owned()
        } else {
            format!("{prompt} (known: {})", facts.join("; "))
        };
        let served = orchestrator.run(DataSufficiency::of(facts.len()), &request).await;
        engine.close().await.map_err(ScopeError::Close)?;
        let report = served?.pop().map(|output| output.text);
        report.ok_or(SupervisorError::Failed(PipelineError::Empty))
    }
}

/// Why a request was not served.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SupervisorError {
    /// No engine was created, or it did not close well.
    #[error(transparent)]
    Engine(#[from] ScopeError),
    /// An agent failed.
    #[error(transparent)]
    Failed(#[from] PipelineError),
}

impl From<CreateError> for SupervisorError {
    fn from(error: CreateError) -> Self {
        Self::Engine(error.into())
    }
}
