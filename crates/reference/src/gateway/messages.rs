use serde::{Deserialize, Serialize};

use crate::delivery::Frame;

/// What a client sends through its WebSocket, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum ClientMessage {
    /// A question. The answer comes as [`Reply::Answer`] with the same id.
    Ask {
        /// Chosen by the client.
        id: String,
        /// The thread that it belongs to.
        thread: String,
        /// The question.
        message: String,
    },
    /// The client has an event.
    Ack {
        /// The number of the event.
        number: u64,
    },
}

/// What a client is sent, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ServerMessage {
    /// An event of one of the client's runs, to be acknowledged by its number.
    Event(Frame),
    /// What became of what the client sent.
    Reply(Reply),
}

/// What became of a message of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reply {
    /// The answer to a question.
    Answer {
        /// The id that the client chose.
        answer_to: String,
        /// The answer.
        text: String,
    },
    /// A question, or a message, was refused.
    Refused {
        /// The id that the client chose, where the message had one.
        answer_to: Option<String>,
        /// Why.
        error: String,
    },
}
