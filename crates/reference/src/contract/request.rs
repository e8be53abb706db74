use serde::Serialize;

use crate::{RunError, RunId};

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
