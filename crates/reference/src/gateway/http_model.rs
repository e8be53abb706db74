use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Model, ModelError, Prompt};

/// A model behind the API of chat completions.
#[derive(Clone, Debug)]
pub struct HttpModel {
    client: reqwest::Client,
    address: String,
    key: String,
    model: String,
}

impl HttpModel {
    /// A model of this name behind `address`, as `http://127.0.0.1:8080/v1`, with this key.
    ///
    /// # Errors
    ///
    /// Returns an error if there can be no client.
    pub fn new(
        address: impl Into<String>,
        key: impl Into<String>,
        model: impl Into<String>,
    ) -> Result<Self, ModelError> {
        let client = reqwest::Client::builder()
            .timeout(std::time::Duration::from_secs(30))
            .build()
            .map_err(|_| ModelError::new("there is no client for it"))?;
        Ok(Self {
            client,
            address: address.into().trim_end_matches('/').to_owned(),
            key: key.into(),
            model: model.into(),
        })
    }
}

/// What the model is asked, in the words of the API.
pub(crate) fn request(model: &str, prompt: Prompt<'_>) -> Value {
    let mut messages =
        vec![json!({ "role": "system", "content": format!("You are the agent {}.", prompt.agent) })];
    for exchange in prompt.history {
        messages.push(json!({ "role": "user", "content": exchange.prompt }));
        messages.push(json!({ "role": "assistant", "content": exchange.answer }));
    }
    let facts = prompt.facts.iter().map(|fact| format!("\nKnown: {fact}"));
    let question: String = std::iter::once(prompt.text.to_owned()).chain(facts).collect();
    messages.push(json!({ "role": "user", "content": question }));
    json!({ "model": model, "messages": messages })
}

#[derive(Deserialize)]
pub(crate) struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
}

impl Completion {
    /// The answer in it.
    pub(crate) fn text(self) -> Result<String, ModelError> {
        let text = self.choices.into_iter().find_map(|choice| choice.message.content);
        text.ok_or_else(|| ModelError::new("the model gave no answer"))
    }
}

#[async_trait]
impl Model for HttpModel {
    async fn complete(&self, prompt: Prompt<'_>) -> Result<String, ModelError> {
        let response = self
            .client
            .post(format!("{}/chat/completions", self.address))
            .bearer_auth(&self.key)
            .json(&request(&self.model, prompt))
            .send()
            .await
            // The error of the client may name the address, which is nothing for users.
            .map_err(|_| ModelError::new("the model cannot be reached"))?;
        let status = response.status();
        if !status.is_success() {
            return Err(ModelError::new(format!("the model answered {}", status.as_u16())));
        }
        let completion: Completion = response
            .json()
            .await
            .map_err(|_| ModelError::new("the answer of the model was cut off, or is none"))?;
        completion.text()
    }
}
