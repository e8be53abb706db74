use std::collections::BTreeMap;

use serde_json::Value;

/// How the events of a run look, and in which order they come.
///
/// The default is the five events of an agent run: `agent_started`, `agent_thinking`, `tool_executing`, `tool_completed`,
/// `agent_completed`, with the run in `run_id`, the tool in `tool_name`, and an error in `outcome.error`.
#[derive(Clone, Debug)]
pub struct EventRules {
    pub(super) kind: String,
    pub(super) run: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) pairs: Vec<(String, String, String)>,
    pub(super) fields: BTreeMap<String, Vec<String>>,
    pub(super) error: String,
}

impl EventRules {
    /// Events that have their type in the field `kind` and their run in the field `run`, and of which each run has one `first` and
    /// one `last`.
    pub fn new(
        kind: impl Into<String>,
        run: impl Into<String>,
        first: impl Into<String>,
        last: impl Into<String>,
    ) -> Self {
        Self {
            kind: kind.into(),
            run: run.into(),
            first: first.into(),
            last: last.into(),
            pairs: Vec::new(),
            fields: BTreeMap::new(),
            error: "/error".to_owned(),
        }
    }

    /// Each event of the type `open` is followed by one of the type `close` with the same value in the field `key`.
    #[must_use]
    pub fn pair(mut self, open: impl Into<String>, close: impl Into<String>, key: impl Into<String>) -> Self {
        self.pairs.push((open.into(), close.into(), key.into()));
        self
    }

    /// Events of this type have this field.
    #[must_use]
    pub fn field(mut self, kind: impl Into<String>, field: impl Into<String>) -> Self {
        self.fields.entry(kind.into()).or_default().push(field.into());
        self
    }

    /// The last event of a run that failed has a value at this JSON pointer (`/error`).
    #[must_use]
    pub fn error_at(mut self, pointer: impl Into<String>) -> Self {
        self.error = pointer.into();
        self
    }

    pub(super) fn kind_of<'a>(&self, event: &'a Value) -> Option<&'a str> {
        event.get(&self.kind)?.as_str()
    }

    pub(super) fn run_of<'a>(&self, event: &'a Value) -> Option<&'a Value> {
        event.get(&self.run)
    }

    /// Whether the last event of a run says that it failed.
    pub(super) fn says_failed(&self, event: &Value) -> bool {
        event.pointer(&self.error).is_some_and(|error| !error.is_null())
    }
}

impl Default for EventRules {
    fn default() -> Self {
        Self::new("type", "run_id", "agent_started", "agent_completed")
            .pair("tool_executing", "tool_completed", "tool_name")
            .field("tool_executing", "tool_name")
            .field("tool_completed", "tool_name")
            .error_at("/outcome/error")
    }
}
