use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;

use super::{CloseError, CreateError, EventSink, Live, RunError};
use crate::user::{RunId, UserContext, UserId};

/// What a user asks of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    agent: String,
    prompt: String,
}

impl Request {
    /// A prompt for the agent of this name.
    pub fn new(agent: impl Into<String>, prompt: impl Into<String>) -> Self {
        Self {
            agent: agent.into(),
            prompt: prompt.into(),
        }
    }

    /// Which agent is asked.
    #[must_use]
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// What it is asked.
    ///
    /// # Errors
    ///
    /// Where the prompt says nothing.
    pub fn prompt(&self) -> Result<&str, RunError> {
        if self.prompt.trim().is_empty() {
            return Err(RunError::InvalidRequest {
                reason: "the prompt is empty".to_owned(),
            });
        }
        Ok(&self.prompt)
    }
}

/// What an agent answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The run that gave it.
    pub run_id: RunId,
    /// What it says.
    pub text: String,
}

/// Runs agents for one user.
#[async_trait]
pub trait ExecutionEngine: fmt::Debug + Send + Sync {
    /// Runs an agent and returns its answer; the user's sink is told of every step.
    ///
    /// # Errors
    ///
    /// Says what the run failed of. The sink is then told too, unless it was the sink that failed.
    async fn run(&self, request: Request) -> Result<Answer, RunError>;

    /// Refuses further runs, waits for those under way and for background tasks, and lets go of the sink.
    /// Closing twice is the same as closing once.
    ///
    /// # Errors
    ///
    /// Where background tasks did not end well. The engine is closed all the same.
    async fn close(&self) -> Result<(), CloseError>;

    /// What the engine holds right now. Who registered the engine counts the engine itself.
    fn live(&self) -> Live {
        Live::default()
    }
}

/// Makes an engine for each user.
#[async_trait]
pub trait EngineFactory: fmt::Debug + Send + Sync {
    /// A new engine that works for the user of `context`, and for nobody else, and tells `sink` what it does.
    /// Dropping the engine cleans up after it; closing it also waits for its work.
    ///
    /// # Errors
    ///
    /// Where the identity is not valid, or no further engine may be had.
    async fn create_for_user(
        &self,
        context: UserContext,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError>;

    /// Closes every engine of a user's.
    ///
    /// # Errors
    ///
    /// The first error of an engine's `close`; the others are closed too.
    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError>;

    /// What the factory and its engines hold right now.
    fn live(&self) -> Live;
}
