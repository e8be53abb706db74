//! What is open in one run, and whose it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::events::event::Event;
use crate::events::machine::Misstep;
use crate::oracle::Kind;

/// Who sent something: a subagent by its id, or the agent itself.
pub(super) type Owner = Option<String>;

/// What is opened and closed by an id. An id is unique within its kind only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Entity {
    Message,
    ToolCall,
    ReasoningSpan,
    ReasoningMessage,
}

impl Entity {
    pub(super) const ALL: [Self; 4] = [
        Self::Message,
        Self::ToolCall,
        Self::ReasoningSpan,
        Self::ReasoningMessage,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Message => "text message",
            Self::ToolCall => "tool call",
            Self::ReasoningSpan => "reasoning span",
            Self::ReasoningMessage => "reasoning message",
        }
    }

    pub(super) fn opener(self) -> &'static str {
        match self {
            Self::Message => "TEXT_MESSAGE_START",
            Self::ToolCall => "TOOL_CALL_START",
            Self::ReasoningSpan => "REASONING_START",
            Self::ReasoningMessage => "REASONING_MESSAGE_START",
        }
    }

    pub(super) fn id_field(self) -> &'static str {
        match self {
            Self::ToolCall => "toolCallId",
            _ => "messageId",
        }
    }

    /// Reasoning spans and messages share their owners, so that no one claims a message within another's span.
    pub(super) fn owners(self) -> Bucket {
        match self {
            Self::Message => Bucket::Message,
            Self::ToolCall => Bucket::ToolCall,
            Self::ReasoningSpan | Self::ReasoningMessage => Bucket::Reasoning,
        }
    }
}

/// Among which ids an owner is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bucket {
    Message,
    ToolCall,
    Activity,
    Reasoning,
}

impl Bucket {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::ToolCall => "tool call",
            Self::Activity => "activity",
            Self::Reasoning => "reasoning message",
        }
    }
}

/// A run from `RUN_STARTED` to its end.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) thread: String,
    pub(super) id: String,
    open: BTreeSet<(Entity, String)>,
    closed: BTreeSet<(Entity, String)>,
    /// Remembered to the end of the run: something may refer to what is closed.
    owners: BTreeMap<(Bucket, String), Owner>,
    pub(super) steps: BTreeSet<(Owner, String)>,
    pub(super) subagents: BTreeSet<String>,
    pub(super) ended_subagents: BTreeSet<String>,
}

impl Run {
    pub(super) fn new(thread: &str, id: &str) -> Self {
        Self {
            thread: thread.to_owned(),
            id: id.to_owned(),
            ..Self::default()
        }
    }

    /// Opens something. What was closed may be opened again by its owner.
    pub(super) fn open(
        &mut self,
        entity: Entity,
        id: &str,
        owner: Owner,
        event: &str,
    ) -> Result<(), Misstep> {
        if !self.open.insert((entity, id.to_owned())) {
            let what = format!("opens the {} {id}, which is open already", entity.name());
            return Err(Misstep::new(Kind::EventDuplicated, what));
        }
        let known = self.owner(entity.owners(), id);
        if known.is_some() {
            self.agrees(entity.owners(), id, owner.as_deref(), event)?;
        } else {
            self.own(entity.owners(), id, owner);
        }
        Ok(())
    }

    /// Something continues or closes what is open.
    pub(super) fn continues(
        &mut self,
        entity: Entity,
        id: &str,
        owner: Option<&str>,
        event: &Event,
        rest: &[Event],
        closes: bool,
    ) -> Result<(), Misstep> {
        let key = (entity, id.to_owned());
        if !self.open.contains(&key) {
            let name = entity.name();
            if self.closed.contains(&key) {
                let what = format!("is of the {name} {id}, which is closed");
                let kind = if closes {
                    Kind::EventDuplicated
                } else {
                    Kind::EventOutOfOrder
                };
                return Err(Misstep::new(kind, what));
            }
            let opener = entity.opener();
            let opens_later = rest
                .iter()
                .find(|later| later.name == opener && later.id(entity.id_field()).as_deref() == Some(id));
            return Err(match opens_later {
                Some(later) => Misstep::new(
                    Kind::EventOutOfOrder,
                    format!(
                        "comes before the {opener} of the {name} {id} (event {})",
                        later.number
                    ),
                ),
                None => Misstep::new(
                    Kind::EventMissing,
                    format!("is of the {name} {id}, which was never opened"),
                ),
            }
            .expecting([opener]));
        }
        self.agrees(entity.owners(), id, owner, &event.name)?;
        if closes {
            self.open.remove(&key);
            self.closed.insert(key);
        }
        Ok(())
    }

    pub(super) fn owner(&self, bucket: Bucket, id: &str) -> Option<&Owner> {
        self.owners.get(&(bucket, id.to_owned()))
    }

    pub(super) fn own(&mut self, bucket: Bucket, id: &str, owner: Owner) {
        self.owners.insert((bucket, id.to_owned()), owner);
    }

    /// An event that names its sender has to be of the one who opened what it continues. One that names none is.
    pub(super) fn agrees(
        &self,
        bucket: Bucket,
        id: &str,
        owner: Option<&str>,
        event: &str,
    ) -> Result<(), Misstep> {
        let (Some(owner), Some(known)) = (owner, self.owner(bucket, id)) else {
            return Ok(());
        };
        if known.as_deref() == Some(owner) {
            return Ok(());
        }
        let whose = known.as_deref().map_or_else(
            || "the agent itself".to_owned(),
            |known| format!("subagent {known}"),
        );
        let what = format!(
            "names subagent {owner}, but the {} {id} belongs to {whose} ({event})",
            bucket.name()
        );
        Err(Misstep::new(Kind::Misattribution, what))
    }

    /// What is open, in words.
    pub(super) fn left_open(&self) -> Vec<String> {
        let entities = Entity::ALL.into_iter().flat_map(|entity| {
            let of_it = self.open.iter().filter(move |(open, _)| *open == entity);
            of_it.map(move |(_, id)| format!("{} {id}", entity.name()))
        });
        let steps = self.steps.iter().map(|(owner, name)| match owner {
            Some(owner) => format!("step {name} of subagent {owner}"),
            None => format!("step {name}"),
        });
        let subagents = self.subagents.iter().map(|id| format!("subagent {id}"));
        steps.chain(entities).chain(subagents).collect()
    }
}
