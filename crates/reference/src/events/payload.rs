use serde::{Deserialize, Serialize};

use super::EventKind;

/// The fields of an event except the ids. Every kind has required fields, so that an event without them can neither be built
/// nor parsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventPayload {
    /// A run started.
    AgentStarted {
        /// The name of the agent.
        agent_name: String,
    },
    /// The agent reports a thought.
    AgentThinking {
        /// The thought.
        thought: String,
    },
    /// A tool was called.
    ToolExecuting {
        /// The name of the tool.
        tool_name: String,
        /// The input of the call.
        input: String,
    },
    /// A tool returned its output.
    ToolCompleted {
        /// The name of the tool.
        tool_name: String,
        /// The output.
        output: String,
    },
    /// The run ended.
    AgentCompleted {
        /// The result of the run.
        outcome: Outcome,
    },
}

impl EventPayload {
    /// The kind of an event with this payload.
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

/// The result of a run: an answer or an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The answer.
    Answer(String),
    /// The error message that the user receives.
    Error(String),
}
