use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// A run started.
    AgentStarted,
    /// The agent reports a thought.
    AgentThinking,
    /// A tool was called.
    ToolExecuting,
    /// A tool returned its output.
    ToolCompleted,
    /// The run ended; it sends no further event.
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

    /// The name of the kind, which is the value of `type` in the JSON form of an event.
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
