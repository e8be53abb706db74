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

/// A model that fails, or takes too long, when its prompt says so, and otherwise repeats its input: for tests of what happens then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObedientModel {
    inner: ScriptedModel,
}

impl ObedientModel {
    /// A prompt with these words fails.
    pub const FAIL: &str = "please fail";

    /// A prompt with these words is answered after [`SLOWNESS`](Self::SLOWNESS).
    pub const DAWDLE: &str = "please take too long";

    /// Longer than a call may take by default.
    pub const SLOWNESS: Duration = Duration::from_secs(600);

    /// Creates a model that takes this long for every other answer.
    #[must_use]
    pub fn new(latency: Duration) -> Self {
        Self {
            inner: ScriptedModel::new(latency),
        }
    }
}

#[async_trait]
impl Model for ObedientModel {
    async fn complete(&self, prompt: Prompt<'_>) -> Result<String, ModelError> {
        if prompt.text.contains(Self::DAWDLE) {
            tokio::time::sleep(Self::SLOWNESS).await;
        }
        let answer = self.inner.complete(prompt).await?;
        if prompt.text.contains(Self::FAIL) {
            return Err(ModelError::new("the prompt asks for a failure"));
        }
        Ok(answer)
    }
}
