use serde_json::Value;

use super::chunks::{Chunk, Lanes};
use super::fields::{is_known, text};
use super::run::{Bucket, Entity, Owner, Run};
use crate::events::event::Event;
use crate::events::machine::{Machine, Misstep};
use crate::oracle::Kind;

/// Follows a stream of one or several runs.
#[derive(Debug, Default)]
pub(in crate::events) struct Verifier {
    state: State,
    run: Run,
    lanes: Lanes,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Begins,
    Runs,
    Finished,
    Failed,
}

impl Machine for Verifier {
    fn step(&mut self, event: &Event, rest: &[Event]) -> Result<(), Misstep> {
        if !is_known(event)? {
            return Ok(());
        }
        self.may_come(event, rest)?;
        self.close_lanes(event)?;
        let name = event.name.as_str();
        let owner = || text(event, "subagentRunId").map(str::to_owned);
        match name {
            "RUN_STARTED" => self.start(event),
            "RUN_FINISHED" => return self.finish(event, rest),
            "RUN_ERROR" => self.state = State::Failed,
            "TEXT_MESSAGE_CHUNK" => return self.chunk(Entity::Message, event, rest),
            "TOOL_CALL_CHUNK" => return self.chunk(Entity::ToolCall, event, rest),
            "REASONING_MESSAGE_CHUNK" => return self.chunk(Entity::ReasoningMessage, event, rest),
            "TOOL_CALL_START" => return self.start_tool_call(event),
            "TEXT_MESSAGE_START" | "REASONING_START" | "REASONING_MESSAGE_START" => {
                let entity = entity_of(name);
                return self.run.open(entity, id_of(entity, event), owner(), name);
            }
            "TEXT_MESSAGE_CONTENT"
            | "TEXT_MESSAGE_END"
            | "TOOL_CALL_ARGS"
            | "TOOL_CALL_END"
            | "REASONING_MESSAGE_CONTENT"
            | "REASONING_MESSAGE_END"
            | "REASONING_END" => {
                let entity = entity_of(name);
                let closes = name.ends_with("_END");
                let owner = owner();
                return self.run.continues(
                    entity,
                    id_of(entity, event),
                    owner.as_deref(),
                    event,
                    rest,
                    closes,
                );
            }
            "TOOL_CALL_RESULT" => self
                .run
                .own(Bucket::Message, id_of(Entity::Message, event), owner()),
            "REASONING_ENCRYPTED_VALUE" => return self.encrypted_value(event),
            "ACTIVITY_SNAPSHOT" => {
                let id = id_of(Entity::Message, event);
                let replaces = event.field("replace").and_then(Value::as_bool) != Some(false);
                if replaces || self.run.owner(Bucket::Activity, id).is_none() {
                    self.run.own(Bucket::Activity, id, owner());
                }
            }
            "ACTIVITY_DELTA" => {
                let id = id_of(Entity::Message, event);
                return self.run.agrees(Bucket::Activity, id, owner().as_deref(), name);
            }
            "STEP_STARTED" | "STEP_FINISHED" => return self.step_of(event, owner(), rest),
            "SUBAGENT_STARTED" | "SUBAGENT_FINISHED" | "SUBAGENT_ERROR" => return self.subagent(event),
            "MESSAGES_SNAPSHOT" => self.learn_owners(event.field("messages"), true),
            _ => {}
        }
        Ok(())
    }

    fn end(&self) -> Result<(), Misstep> {
        match self.state {
            State::Finished | State::Failed => Ok(()),
            State::Begins => Err(
                Misstep::new(Kind::EventMissing, "the stream ends before a run has begun")
                    .expecting(["RUN_STARTED"]),
            ),
            State::Runs => {
                let open = self
                    .run
                    .left_open()
                    .into_iter()
                    .chain(self.lanes.left_open())
                    .collect();
                Err(Misstep::new(Kind::EventMissing, "the stream ends within a run")
                    .expecting(["RUN_FINISHED", "RUN_ERROR"])
                    .with_open(open))
            }
        }
    }
}

impl Verifier {
    /// Which events may come before, between and after runs.
    fn may_come(&self, event: &Event, rest: &[Event]) -> Result<(), Misstep> {
        let starts = event.name == "RUN_STARTED";
        let fails = event.name == "RUN_ERROR";
        match self.state {
            State::Begins if !starts && !fails => {
                let comes_later = rest.iter().any(|later| later.name == "RUN_STARTED");
                let (kind, what) = if comes_later {
                    (Kind::EventOutOfOrder, "comes before RUN_STARTED")
                } else {
                    (Kind::EventMissing, "comes where no run has begun")
                };
                Err(Misstep::new(kind, what).expecting(["RUN_STARTED", "RUN_ERROR"]))
            }
            State::Runs if starts => Err(Misstep::new(Kind::EventDuplicated, "comes while a run is active")),
            State::Failed if fails => Err(Misstep::new(Kind::EventDuplicated, "comes once more")),
            State::Failed if !starts => {
                Err(Misstep::new(Kind::EventAfterTerminal, "comes after RUN_ERROR")
                    .expecting(["RUN_STARTED"]))
            }
            State::Finished if event.name == "RUN_FINISHED" => {
                Err(Misstep::new(Kind::EventDuplicated, "comes once more"))
            }
            State::Finished if !starts && !fails => {
                Err(Misstep::new(Kind::EventAfterTerminal, "comes after RUN_FINISHED")
                    .expecting(["RUN_STARTED", "RUN_ERROR"]))
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, event: &Event) {
        let field = |name: &str| text(event, name).unwrap_or_default();
        self.run = Run::new(field("threadId"), field("runId"));
        self.state = State::Runs;
        self.learn_owners(event.field("/input/messages"), false);
    }

    fn finish(&mut self, event: &Event, rest: &[Event]) -> Result<(), Misstep> {
        let open = self.run.left_open();
        if !open.is_empty() {
            // What closes later was overtaken, what does not is missing.
            let closes_later = rest
                .iter()
                .any(|later| later.name.ends_with("_END") || later.name.ends_with("_FINISHED"));
            let kind = if closes_later {
                Kind::EventOutOfOrder
            } else {
                Kind::EventMissing
            };
            return Err(Misstep::new(kind, "comes while something is open").with_open(open));
        }
        for (field, known) in [("threadId", &self.run.thread), ("runId", &self.run.id)] {
            let given = text(event, field).unwrap_or_default();
            if given != known {
                let what = format!("has the {field} {given}, but the run has begun with {known}");
                return Err(Misstep::new(Kind::Misattribution, what));
            }
        }
        self.state = State::Finished;
        Ok(())
    }

    /// What is open by chunks is closed by an event of the same sender, or of the run as a whole.
    fn close_lanes(&mut self, event: &Event) -> Result<(), Misstep> {
        let closed: Vec<_> = match event.name.as_str() {
            "TEXT_MESSAGE_CHUNK"
            | "TOOL_CALL_CHUNK"
            | "REASONING_MESSAGE_CHUNK"
            | "RAW"
            | "ACTIVITY_SNAPSHOT"
            | "ACTIVITY_DELTA"
            | "REASONING_ENCRYPTED_VALUE"
            | "SUBAGENT_STARTED" => Vec::new(),
            "RUN_STARTED" | "RUN_FINISHED" | "RUN_ERROR" | "MESSAGES_SNAPSHOT" => self.lanes.close_all(),
            _ => {
                let owner = text(event, "subagentRunId").map(str::to_owned);
                self.lanes
                    .close(&owner)
                    .map(|pending| (owner, pending))
                    .into_iter()
                    .collect()
            }
        };
        for (owner, pending) in closed {
            self.run
                .continues(pending.entity, &pending.id, owner.as_deref(), event, &[], true)?;
        }
        Ok(())
    }

    fn chunk(&mut self, entity: Entity, event: &Event, rest: &[Event]) -> Result<(), Misstep> {
        match self.lanes.read(entity, event)? {
            Chunk::Continues(pending, owner) => {
                self.run
                    .continues(entity, &pending.id, owner.as_deref(), event, rest, false)
            }
            Chunk::Opens {
                closed,
                opened,
                owner,
            } => {
                if let Some(closed) = closed {
                    self.run
                        .continues(closed.entity, &closed.id, owner.as_deref(), event, rest, true)?;
                }
                self.run.open(entity, &opened.id, owner, &event.name)
            }
        }
    }

    /// A tool call belongs to the message that carries it.
    fn start_tool_call(&mut self, event: &Event) -> Result<(), Misstep> {
        let id = id_of(Entity::ToolCall, event);
        let tag = text(event, "subagentRunId").map(str::to_owned);
        let parent = text(event, "parentMessageId");
        let of_parent = parent
            .and_then(|parent| self.run.owner(Bucket::Message, parent))
            .cloned();
        let (Some(parent), Some(of_parent)) = (parent, of_parent) else {
            return self.run.open(Entity::ToolCall, id, tag, &event.name);
        };
        self.run
            .agrees(Bucket::Message, parent, tag.as_deref(), &event.name)?;
        let owner = tag.or(of_parent);
        let known = self.run.owner(Bucket::ToolCall, id);
        if known.is_some_and(|known| *known != owner) {
            let what = format!("opens the tool call {id} again, for another than who had it");
            return Err(Misstep::new(Kind::Misattribution, what));
        }
        self.run.open(Entity::ToolCall, id, owner, &event.name)
    }

    fn encrypted_value(&self, event: &Event) -> Result<(), Misstep> {
        let id = text(event, "entityId").unwrap_or_default();
        let owner = text(event, "subagentRunId");
        let bucket = match text(event, "subtype") {
            Some("tool-call") => Bucket::ToolCall,
            Some("message") if self.run.owner(Bucket::Message, id).is_some() => Bucket::Message,
            _ => Bucket::Reasoning,
        };
        self.run.agrees(bucket, id, owner, &event.name)
    }

    /// A step is finished by who started it.
    fn step_of(&mut self, event: &Event, owner: Owner, rest: &[Event]) -> Result<(), Misstep> {
        let name = text(event, "stepName").unwrap_or_default().to_owned();
        let step = (owner, name.clone());
        if event.name == "STEP_STARTED" {
            return if self.run.steps.insert(step) {
                Ok(())
            } else {
                Err(Misstep::new(
                    Kind::EventDuplicated,
                    format!("starts the step {name}, which is active"),
                ))
            };
        }
        if self.run.steps.remove(&step) {
            return Ok(());
        }
        if self.run.steps.iter().any(|(_, active)| *active == name) {
            let what = format!("finishes the step {name}, which another has started");
            return Err(Misstep::new(Kind::Misattribution, what));
        }
        let starts_later = rest
            .iter()
            .any(|later| later.name == "STEP_STARTED" && text(later, "stepName") == Some(&name));
        let kind = if starts_later {
            Kind::EventOutOfOrder
        } else {
            Kind::EventMissing
        };
        Err(
            Misstep::new(kind, format!("finishes the step {name}, which was not started"))
                .expecting(["STEP_STARTED"]),
        )
    }

    fn subagent(&mut self, event: &Event) -> Result<(), Misstep> {
        let id = text(event, "subagentRunId").unwrap_or_default().to_owned();
        if event.name != "SUBAGENT_STARTED" {
            return if self.run.subagents.remove(&id) {
                self.run.ended_subagents.insert(id);
                Ok(())
            } else if self.run.ended_subagents.contains(&id) {
                Err(Misstep::new(
                    Kind::EventDuplicated,
                    format!("ends subagent {id} once more"),
                ))
            } else {
                Err(Misstep::new(
                    Kind::EventMissing,
                    format!("ends subagent {id}, which was not started"),
                )
                .expecting(["SUBAGENT_STARTED"]))
            };
        }
        if self.run.ended_subagents.contains(&id) || self.run.subagents.contains(&id) {
            let what = format!("starts subagent {id} once more; an id is of one invocation");
            return Err(Misstep::new(Kind::EventDuplicated, what));
        }
        let is_known =
            |parent: &str| self.run.subagents.contains(parent) || self.run.ended_subagents.contains(parent);
        if let Some(parent) = text(event, "parentSubagentRunId").filter(|parent| !is_known(parent)) {
            let what = format!("names the parent {parent}, which was not started");
            return Err(Misstep::new(Kind::EventMissing, what).expecting(["SUBAGENT_STARTED"]));
        }
        self.run.subagents.insert(id);
        Ok(())
    }

    /// Messages of earlier runs have owners too. A snapshot `replaces` what was known.
    fn learn_owners(&mut self, messages: Option<&Value>, replaces: bool) {
        for message in messages.and_then(Value::as_array).into_iter().flatten() {
            let Some(id) = message.get("id").and_then(Value::as_str) else {
                continue;
            };
            let owner = message
                .get("subagentRunId")
                .and_then(Value::as_str)
                .map(str::to_owned);
            let bucket = match message.get("role").and_then(Value::as_str) {
                Some("reasoning") => Bucket::Reasoning,
                Some("activity") => Bucket::Activity,
                _ => Bucket::Message,
            };
            if replaces || self.run.owner(bucket, id).is_none() {
                self.run.own(bucket, id, owner.clone());
            }
            let calls = message
                .get("toolCalls")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            for call in calls.filter_map(|call| call.get("id")?.as_str()) {
                if replaces || self.run.owner(Bucket::ToolCall, call).is_none() {
                    self.run.own(Bucket::ToolCall, call, owner.clone());
                }
            }
        }
    }
}

fn entity_of(name: &str) -> Entity {
    if name.starts_with("TOOL_CALL") {
        Entity::ToolCall
    } else if name.starts_with("TEXT_MESSAGE") {
        Entity::Message
    } else if name.starts_with("REASONING_MESSAGE") {
        Entity::ReasoningMessage
    } else {
        Entity::ReasoningSpan
    }
}

fn id_of(entity: Entity, event: &Event) -> &str {
    text(event, entity.id_field()).unwrap_or_default()
}
