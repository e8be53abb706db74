use std::fmt;
use std::iter;
use std::time::Duration;

use async_trait::async_trait;

use super::ModelError;

/// A prompt and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The prompt.
    pub prompt: String,
    /// The answer.
    pub answer: String,
}

/// The complete input of a model, which has no memory of its own.
#[derive(Clone, Copy, Debug)]
pub struct Prompt<'a> {
    /// The name of the agent.
    pub agent: &'a str,
    /// The prompt of the user.
    pub text: &'a str,
    /// The earlier exchanges of the thread, oldest first.
    pub history: &'a [Exchange],
    /// The outputs of the tools.
    pub facts: &'a [String],
}

/// Answers prompts. A call that is dropped leaves nothing behind.
#[async_trait]
pub trait Model: fmt::Debug + Send + Sync {
    /// Returns the answer to a prompt, which depends on that prompt alone.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer.
    async fn complete(&self, prompt: Prompt<'_>) -> Result<String, ModelError>;
}

/// A model that takes a fixed time and repeats its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptedModel {
    latency: Duration,
}

impl ScriptedModel {
    /// Creates a model that takes this long for every answer.
    #[must_use]
    pub fn new(latency: Duration) -> Self {
        Self { latency }
    }

    /// Returns the answer to a prompt.
    #[must_use]
    pub fn answer(prompt: Prompt<'_>) -> String {
        let asked = format!("{} here. You ask: {}", prompt.agent, prompt.text);
        let before = prompt
            .history
            .last()
            .map(|last| format!("Before that you asked: {}", last.prompt));
        let known = prompt.facts.iter().map(|fact| format!("I know: {fact}"));
        iter::once(asked)
            .chain(before)
            .chain(known)
            .collect::<Vec<_>>()
            .join(" | ")
    }
}

impl Default for ScriptedModel {
    fn default() -> Self {
        Self::new(Duration::from_millis(20))
    }
}

#[async_trait]
impl Model for ScriptedModel {
    async fn complete(&self, prompt: Prompt<'_>) -> Result<String, ModelError> {
        // As a request over a network does, the call yields even if the latency is zero.
        tokio::task::yield_now().await;
        tokio::time::sleep(self.latency).await;
        Ok(Self::answer(prompt))
    }
}
