use hyper::HeaderMap;
use serde_json::Value;

/// One of the APIs that the fake speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Api {
    /// OpenAI's chat completions: `/v1/chat/completions`.
    OpenAiChat,
    /// OpenAI's responses: `/v1/responses`.
    OpenAiResponses,
    /// Anthropic's messages: `/v1/messages`.
    AnthropicMessages,
}

impl Api {
    /// The API at the end of a path.
    pub(super) fn at(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        let apis = [
            ("/chat/completions", Self::OpenAiChat),
            ("/responses", Self::OpenAiResponses),
            ("/messages", Self::AnthropicMessages),
        ];
        apis.into_iter()
            .find_map(|(end, api)| path.ends_with(end).then_some(api))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::OpenAiChat => "chat completion",
            Self::OpenAiResponses => "response",
            Self::AnthropicMessages => "message",
        }
    }
}

/// A request of a model.
#[derive(Clone, Debug)]
pub struct ModelRequest {
    api: Api,
    body: Value,
    pub(super) headers: HeaderMap,
    /// The index of the user who sent it, where that is known.
    pub(super) user: Option<usize>,
}

impl ModelRequest {
    pub(super) fn new(api: Api, body: Value, headers: HeaderMap) -> Self {
        Self {
            api,
            body,
            headers,
            user: None,
        }
    }

    /// By which API it came.
    #[must_use]
    pub fn api(&self) -> Api {
        self.api
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// The model that is asked for; empty where none is.
    #[must_use]
    pub fn model(&self) -> &str {
        self.body["model"].as_str().unwrap_or_default()
    }

    /// The index of the user who sent it, from 0; `None` where that is not known.
    #[must_use]
    pub fn user(&self) -> Option<usize> {
        self.user
    }

    /// The text of the last message or input.
    #[must_use]
    pub fn last_message(&self) -> String {
        let messages = match self.api {
            Api::OpenAiResponses => &self.body["input"],
            Api::OpenAiChat | Api::AnthropicMessages => &self.body["messages"],
        };
        let last = match messages {
            Value::Array(messages) => messages.last().unwrap_or(&Value::Null),
            message => message,
        };
        let mut text = String::new();
        add_text(last, &mut text);
        text
    }

    /// All texts of the request, of instructions and earlier messages too, a line each.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in ["system", "instructions", "messages", "input"] {
            add_text(&self.body[part], &mut text);
        }
        text
    }

    pub(super) fn is_streamed(&self) -> bool {
        self.body["stream"] == true
    }
}

/// The texts of messages, wherever APIs put them.
fn add_text(value: &Value, text: &mut String) {
    match value {
        Value::String(part) => {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(part);
        }
        Value::Array(parts) => parts.iter().for_each(|part| add_text(part, text)),
        Value::Object(fields) => {
            for part in ["content", "text", "output", "arguments"] {
                if let Some(part) = fields.get(part) {
                    add_text(part, text);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
