//! What each type of event has to carry.

use serde_json::Value;

use crate::events::event::Event;
use crate::events::machine::Misstep;
use crate::oracle::Kind;

/// The types of the protocol, with the fields that are required and are texts, and those that are required and may be anything.
const EVENTS: [(&str, &[&str], &[&str]); 31] = [
    ("RUN_STARTED", &["threadId", "runId"], &[]),
    ("RUN_FINISHED", &["threadId", "runId"], &[]),
    ("RUN_ERROR", &["message"], &[]),
    ("STEP_STARTED", &["stepName"], &[]),
    ("STEP_FINISHED", &["stepName"], &[]),
    ("TEXT_MESSAGE_START", &["messageId"], &[]),
    ("TEXT_MESSAGE_CONTENT", &["messageId", "delta"], &[]),
    ("TEXT_MESSAGE_END", &["messageId"], &[]),
    ("TEXT_MESSAGE_CHUNK", &[], &[]),
    ("TOOL_CALL_START", &["toolCallId", "toolCallName"], &[]),
    ("TOOL_CALL_ARGS", &["toolCallId", "delta"], &[]),
    ("TOOL_CALL_END", &["toolCallId"], &[]),
    ("TOOL_CALL_CHUNK", &[], &[]),
    ("TOOL_CALL_RESULT", &["messageId", "toolCallId"], &["content"]),
    ("REASONING_START", &["messageId"], &[]),
    ("REASONING_END", &["messageId"], &[]),
    ("REASONING_MESSAGE_START", &["messageId", "role"], &[]),
    ("REASONING_MESSAGE_CONTENT", &["messageId", "delta"], &[]),
    ("REASONING_MESSAGE_END", &["messageId"], &[]),
    ("REASONING_MESSAGE_CHUNK", &[], &[]),
    (
        "REASONING_ENCRYPTED_VALUE",
        &["subtype", "entityId", "encryptedValue"],
        &[],
    ),
    ("STATE_SNAPSHOT", &[], &["snapshot"]),
    ("STATE_DELTA", &[], &["delta"]),
    ("MESSAGES_SNAPSHOT", &[], &["messages"]),
    ("ACTIVITY_SNAPSHOT", &["messageId", "activityType"], &["content"]),
    ("ACTIVITY_DELTA", &["messageId", "activityType"], &["patch"]),
    ("SUBAGENT_STARTED", &["subagentRunId", "name"], &[]),
    ("SUBAGENT_FINISHED", &["subagentRunId"], &[]),
    ("SUBAGENT_ERROR", &["subagentRunId", "message"], &[]),
    ("RAW", &[], &["event"]),
    ("CUSTOM", &["name"], &["value"]),
];

/// Fields that are texts where they are there.
const TEXTS: [&str; 10] = [
    "subagentRunId",
    "messageId",
    "toolCallId",
    "toolCallName",
    "parentMessageId",
    "delta",
    "role",
    "name",
    "parentSubagentRunId",
    "message",
];

/// Whether the protocol knows the type of an event, and that it has what it needs. Clients drop types that they do not know.
pub(super) fn is_known(event: &Event) -> Result<bool, Misstep> {
    let Some((_, texts, others)) = EVENTS.iter().find(|(name, ..)| *name == event.name) else {
        return Ok(false);
    };
    let malformed = |what: String| Err(Misstep::new(Kind::EventMalformed, what));
    for field in texts.iter().chain(*others) {
        if event.field(field).is_none() {
            return malformed(format!("lacks the field `{field}`"));
        }
    }
    // A delta of the state is a list of operations.
    let is_text = |field: &str| !(field == "delta" && event.name == "STATE_DELTA");
    for field in TEXTS.iter().chain(*texts).filter(|field| is_text(field)) {
        match event.field(field) {
            None | Some(Value::String(_)) => {}
            Some(other) => {
                return malformed(format!(
                    "has the field `{field}`, which has to be a text, but is {other}"
                ));
            }
        }
    }
    outcome(event)?;
    Ok(true)
}

/// How a run or a subagent ends has to be one of the ways that there are.
fn outcome(event: &Event) -> Result<(), Misstep> {
    let ways: &[&str] = match event.name.as_str() {
        "RUN_FINISHED" => &["success", "interrupt", "cancelled"],
        "SUBAGENT_FINISHED" => &["success", "suspended"],
        _ => return Ok(()),
    };
    let Some(outcome) = event.field("outcome") else {
        return Ok(());
    };
    match outcome.get("type").and_then(Value::as_str) {
        Some("interrupt") if !has_interrupts(outcome) => Err(Misstep::new(
            Kind::EventMalformed,
            "has the outcome interrupt, but no `interrupts`",
        )),
        Some(way) if ways.contains(&way) => Ok(()),
        _ => Err(Misstep::new(
            Kind::EventMalformed,
            format!(
                "has the outcome {outcome}, whose `type` is none of {}",
                ways.join(", ")
            ),
        )),
    }
}

fn has_interrupts(outcome: &Value) -> bool {
    let interrupts = outcome.get("interrupts").and_then(Value::as_array);
    interrupts.is_some_and(|interrupts| !interrupts.is_empty())
}

/// A text field.
pub(super) fn text<'e>(event: &'e Event, field: &str) -> Option<&'e str> {
    event.field(field).and_then(Value::as_str)
}
