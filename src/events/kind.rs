use std::fmt;

use serde::{Deserialize, Serialize};

/// What an event tells, without its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// A run began.
    AgentStarted,
    /// The agent says what it considers.
    AgentThinking,
    /// A tool was called.
    ToolExecuting,
    /// A tool answered.
    ToolCompleted,
    /// The run ended; nothing comes after it.
    AgentCompleted,
}

impl EventKind {
    /// Every kind, in the order in which a run sends them.
    pub const ALL: [Self; 5] = [
        Self::AgentStarted,
        Self::AgentThinking,
        Self::ToolExecuting,
        Self::ToolCompleted,
        Self::AgentCompleted,
    ];

    /// The kind's name on the wire, the value of an event's `type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AgentStarted => "agent_started",
            Self::AgentThinking => "agent_thinking",
            Self::ToolExecuting => "tool_executing",
            Self::ToolCompleted => "tool_completed",
            Self::AgentCompleted => "agent_completed",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
