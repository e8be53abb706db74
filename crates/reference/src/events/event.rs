use serde::{Deserialize, Serialize};

use super::{EventKind, EventPayload};
use crate::{RequestIds, RunId, ThreadId, UserId};

/// One event of a run. It serialises to a flat JSON object:
///
/// ```
/// use ssot_reference::events::{Event, EventPayload};
///
/// let event = Event {
///     payload: EventPayload::AgentStarted { agent_name: "billing".into() },
///     user_id: "ada".into(),
///     thread_id: "thread-1".into(),
///     run_id: "run-1".into(),
/// };
/// assert_eq!(
///     serde_json::to_string(&event)?,
///     r#"{"type":"agent_started","agent_name":"billing","user_id":"ada","thread_id":"thread-1","run_id":"run-1"}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The type of the event and the fields of that type, which are serialised beside the ids.
    #[serde(flatten)]
    pub payload: EventPayload,
    /// The user of the run.
    pub user_id: UserId,
    /// The conversation.
    pub thread_id: ThreadId,
    /// The run that sent the event.
    pub run_id: RunId,
}

impl Event {
    /// Creates an event of the run that `ids` names.
    #[must_use]
    pub fn new(ids: &RequestIds, payload: EventPayload) -> Self {
        Self {
            payload,
            user_id: ids.user.clone(),
            thread_id: ids.thread.clone(),
            run_id: ids.run.clone(),
        }
    }

    /// The kind of the event.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        self.payload.kind()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::events::Outcome;

    fn payloads() -> [EventPayload; 5] {
        [
            EventPayload::AgentStarted {
                agent_name: "billing".into(),
            },
            EventPayload::AgentThinking { thought: "hm".into() },
            EventPayload::ToolExecuting {
                tool_name: "notes".into(),
                input: "milk".into(),
            },
            EventPayload::ToolCompleted {
                tool_name: "notes".into(),
                output: "kept".into(),
            },
            EventPayload::AgentCompleted {
                outcome: Outcome::Answer("yes".into()),
            },
        ]
    }

    fn event(payload: EventPayload) -> Event {
        Event {
            payload,
            user_id: "ada".into(),
            thread_id: "t".into(),
            run_id: "r".into(),
        }
    }

    #[test]
    fn every_kind_is_serialised_as_its_name() {
        for (payload, kind) in payloads().into_iter().zip(EventKind::ALL) {
            let event = event(payload);
            let wire = serde_json::to_value(&event).expect("an event is plain data");
            assert_eq!(event.kind(), kind);
            assert_eq!(wire["type"], kind.as_str());
            assert_eq!(
                serde_json::to_value(kind).expect("a kind is plain data"),
                kind.as_str()
            );
            assert_eq!(wire["user_id"], "ada");
        }
    }

    #[test]
    fn a_serialised_event_is_parsed_as_the_same_event() {
        for payload in payloads() {
            let event = event(payload);
            let text = serde_json::to_string(&event).expect("an event is plain data");
            assert_eq!(
                serde_json::from_str::<Event>(&text).expect("it was serialised just now"),
                event
            );
        }
    }

    #[test]
    fn an_event_without_a_required_field_is_refused() {
        for payload in payloads() {
            let Value::Object(whole) = serde_json::to_value(event(payload)).expect("an event is plain data")
            else {
                panic!("an event is an object");
            };
            for field in whole.keys() {
                let mut less = whole.clone();
                less.remove(field);
                let parsed = serde_json::from_value::<Event>(Value::Object(less));
                assert!(
                    parsed.is_err(),
                    "{} without `{field}` was accepted",
                    whole["type"]
                );
            }
        }
    }

    #[test]
    fn a_run_ends_with_an_answer_or_an_error() {
        let failed = event(EventPayload::AgentCompleted {
            outcome: Outcome::Error("no".into()),
        });
        let wire = serde_json::to_value(&failed).expect("an event is plain data");
        assert_eq!(wire["outcome"], json!({ "error": "no" }));
    }
}
