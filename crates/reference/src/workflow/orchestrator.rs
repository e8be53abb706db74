use std::sync::Arc;

use async_trait::async_trait;

use super::DataSufficiency;
use crate::{
    Answer, DeprecatedEngine, ExecutionEngine, Orchestrator, PipelineError, Request, RunError, StepOutput,
    UserExecutionEngine,
};

/// Runs triage, and then the agents for which there is enough data, on the engine of one user.
///
/// It holds a [`UserExecutionEngine`] and nothing else can be put in its place: an engine that comes as a trait object is asked
/// for the canonical one ([`ExecutionEngine::canonical`]), so that a renamed engine is refused, and of a wrapper the canonical
/// engine inside is used or none.
///
/// ```
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use std::sync::Arc;
/// use ssot_reference::legacy::Legacy;
/// use ssot_reference::workflow::{DataSufficiency, WorkflowOrchestrator};
/// # use ssot_reference::{Config, ExecutionEngineFactory, Mailbox, RequestIds};
///
/// # let ada = RequestIds { user: "ada".into(), thread: "t".into(), run: "r".into(), session: "s".into() };
/// let factory = ExecutionEngineFactory::new(Config::default());
/// let engine = factory.create(ada.clone(), Arc::new(Mailbox::default())).await?;
/// let orchestrator = WorkflowOrchestrator::new(engine);
/// let outputs = orchestrator.run(DataSufficiency::Partial, "what do I owe?").await?;
/// let agents: Vec<_> = outputs.iter().map(|output| &*output.step).collect();
/// assert_eq!(agents, ["triage", "data_helper", "data", "reporting"]);
///
/// let deprecated = Legacy::SharedState.factory().create_for_user(ada, Arc::new(Mailbox::default())).await?;
/// let refused = WorkflowOrchestrator::of_any(deprecated).expect_err("it is not the canonical one");
/// assert!(refused.to_string().contains("use `UserExecutionEngine`"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct WorkflowOrchestrator {
    engine: Arc<UserExecutionEngine>,
}

impl WorkflowOrchestrator {
    /// Creates an orchestrator on this engine. Another one, deprecated or behind a trait object, does not compile:
    ///
    /// ```compile_fail,E0308
    /// # use std::sync::Arc;
    /// # use ssot_reference::{UserExecutionEngine, legacy::execution_engines::ConsolidatedExecutionEngine, workflow::WorkflowOrchestrator};
    /// fn on(engine: Arc<ConsolidatedExecutionEngine>) -> WorkflowOrchestrator {
    ///     WorkflowOrchestrator::new(engine)
    /// }
    /// ```
    ///
    /// ```compile_fail,E0308
    /// # use std::sync::Arc;
    /// # use ssot_reference::{ExecutionEngine, workflow::WorkflowOrchestrator};
    /// fn on(engine: Arc<dyn ExecutionEngine>) -> WorkflowOrchestrator {
    ///     WorkflowOrchestrator::new(engine)
    /// }
    /// ```
    #[must_use]
    pub fn new(engine: Arc<UserExecutionEngine>) -> Self {
        Self { engine }
    }

    /// Creates an orchestrator on an engine of any type.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not the canonical one, or if it is closed.
    pub fn of_any(engine: Arc<dyn ExecutionEngine>) -> Result<Self, DeprecatedEngine> {
        Ok(Self::new(engine.canonical()?))
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &UserExecutionEngine {
        &self.engine
    }

    /// Runs triage and the agents for which there is enough data. Returns what each returned, in order.
    ///
    /// # Errors
    ///
    /// Returns the error of the first agent that fails.
    pub async fn run(&self, data: DataSufficiency, prompt: &str) -> Result<Vec<StepOutput>, PipelineError> {
        self.engine.run_pipeline(&data.pipeline(), prompt).await
    }
}

#[async_trait]
impl Orchestrator for WorkflowOrchestrator {
    /// Decides by the earlier exchanges of the thread how much data there is, and returns the last agent's output.
    async fn orchestrate(&self, request: Request) -> Result<Answer, RunError> {
        let prompt = request.prompt()?;
        let data = DataSufficiency::of(self.engine.history().await.len());
        let outputs = self.run(data, prompt).await.map_err(|error| match error {
            PipelineError::NotBegun(source) | PipelineError::Step { source, .. } => source,
            PipelineError::Empty => RunError::InvalidRequest {
                reason: error.to_string(),
            },
        })?;
        let text = outputs
            .into_iter()
            .map(|output| output.text)
            .next_back()
            .unwrap_or_default();
        Ok(Answer {
            run_id: self.engine.context().run().clone(),
            text,
        })
    }

    fn replace_engine(&mut self, engine: Arc<dyn ExecutionEngine>) -> Result<(), DeprecatedEngine> {
        self.engine = engine.canonical()?;
        Ok(())
    }
}
