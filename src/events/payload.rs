use serde::{Deserialize, Serialize};

use super::EventKind;

/// What an event carries beside the ids. Every kind has its required fields, so that an event without them
/// can be neither built nor parsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventPayload {
    /// A run began.
    AgentStarted {
        /// The agent that was asked.
        agent_name: String,
    },
    /// The agent says what it considers.
    AgentThinking {
        /// What it considers.
        thought: String,
    },
    /// A tool was called.
    ToolExecuting {
        /// Which tool.
        tool_name: String,
        /// What it was given.
        input: String,
    },
    /// A tool answered.
    ToolCompleted {
        /// Which tool.
        tool_name: String,
        /// What it answered.
        output: String,
    },
    /// The run ended.
    AgentCompleted {
        /// How it ended.
        outcome: Outcome,
    },
}

impl EventPayload {
    /// The kind of event that has this payload.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        match self {
            Self::AgentStarted { .. } => EventKind::AgentStarted,
            Self::AgentThinking { .. } => EventKind::AgentThinking,
            Self::ToolExecuting { .. } => EventKind::ToolExecuting,
            Self::ToolCompleted { .. } => EventKind::ToolCompleted,
            Self::AgentCompleted { .. } => EventKind::AgentCompleted,
        }
    }
}

/// How a run ended: with an answer or with an error, never with both or neither.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The answer.
    Answer(String),
    /// What went wrong, as its user is shown it.
    Error(String),
}
