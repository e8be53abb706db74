use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;

use super::{CloseError, CreateError, EventSink, Live, RequestIds, RunError, RunId, UserId};

/// A user's request to an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    agent: String,
    prompt: String,
}

impl Request {
    /// Creates a request with this prompt to the agent of this name.
    pub fn new(agent: impl Into<String>, prompt: impl Into<String>) -> Self {
        Self {
            agent: agent.into(),
            prompt: prompt.into(),
        }
    }

    /// The name of the agent.
    #[must_use]
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// The prompt.
    ///
    /// # Errors
    ///
    /// Returns an error if the prompt is empty.
    pub fn prompt(&self) -> Result<&str, RunError> {
        if self.prompt.trim().is_empty() {
            return Err(RunError::InvalidRequest {
                reason: "the prompt is empty".to_owned(),
            });
        }
        Ok(&self.prompt)
    }
}

/// The answer of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The run that returned it.
    pub run_id: RunId,
    /// The text of the answer.
    pub text: String,
}

/// Runs agents for one user.
#[async_trait]
pub trait ExecutionEngine: fmt::Debug + Send + Sync {
    /// Runs an agent and returns its answer. Every step is sent to the user's sink as an event.
    ///
    /// # Errors
    ///
    /// Returns why the run failed. The error is also sent to the sink, unless the sink itself failed.
    async fn run(&self, request: Request) -> Result<Answer, RunError>;

    /// Refuses further runs, waits for current runs and background tasks, and drops the sink. Closing an engine again has no
    /// effect.
    ///
    /// # Errors
    ///
    /// Returns an error if background tasks were aborted or panicked. The engine is closed nevertheless.
    async fn close(&self) -> Result<(), CloseError>;

    /// Returns the resources that the engine holds, without the engine itself, which its factory counts.
    fn live(&self) -> Live {
        Live::default()
    }
}

/// Creates engines for users.
#[async_trait]
pub trait EngineFactory: fmt::Debug + Send + Sync {
    /// Creates an engine that works only for the user in `context`, and sends its events to `sink`. Dropping the engine
    /// releases its resources; closing it also waits for its work.
    ///
    /// # Errors
    ///
    /// Returns an error if an id is not valid, or if the user can have no further engine.
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError>;

    /// Closes every engine of a user.
    ///
    /// # Errors
    ///
    /// Returns an error if background tasks of an engine were aborted or panicked. Every engine is closed nevertheless.
    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError>;

    /// Returns the resources that the factory and its engines hold.
    fn live(&self) -> Live;
}
