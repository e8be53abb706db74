use std::fmt;
use std::iter;
use std::time::Duration;

use async_trait::async_trait;

use super::ModelError;

/// A prompt and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What was asked.
    pub prompt: String,
    /// What was answered.
    pub answer: String,
}

/// All that a model is told; it has no memory of its own.
#[derive(Clone, Copy, Debug)]
pub struct Prompt<'a> {
    /// As which agent it answers.
    pub agent: &'a str,
    /// What it is asked.
    pub text: &'a str,
    /// What was said before in this thread, oldest first.
    pub history: &'a [Exchange],
    /// What the tools found.
    pub facts: &'a [String],
}

/// Answers prompts. A call that is dropped leaves nothing behind.
#[async_trait]
pub trait Model: fmt::Debug + Send + Sync {
    /// Answers from what the prompt holds, and from nothing else.
    ///
    /// # Errors
    ///
    /// Where there is no answer.
    async fn complete(&self, prompt: Prompt<'_>) -> Result<String, ModelError>;
}

/// A model that takes a fixed time and says what it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptedModel {
    latency: Duration,
}

impl ScriptedModel {
    /// A model that takes this long for every answer.
    #[must_use]
    pub fn new(latency: Duration) -> Self {
        Self { latency }
    }

    /// What it answers.
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
        // The prompt goes out, and the answer comes back; both may be a while, even where no time goes by.
        tokio::task::yield_now().await;
        tokio::time::sleep(self.latency).await;
        Ok(Self::answer(prompt))
    }
}
