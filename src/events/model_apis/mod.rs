//! The order of the stream events of model APIs.

mod anthropic_messages;
mod openai_chat;
mod openai_responses;
#[cfg(test)]
mod tests;

pub(super) use anthropic_messages::AnthropicMessages;
pub(super) use openai_chat::OpenAiChat;
pub(super) use openai_responses::OpenAiResponses;
