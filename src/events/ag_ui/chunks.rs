//! The shorthand of chunks: the first opens, later ones continue, and what is not a continuation closes.

use indexmap::IndexMap;

use super::fields::text;
use super::run::{Entity, Owner};
use crate::events::event::Event;
use crate::events::machine::Misstep;
use crate::oracle::Kind;

/// What one sender has open by chunks: at most one.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) entity: Entity,
    pub(super) id: String,
    /// Fields of the first chunk, which later ones may repeat.
    fields: Vec<(&'static str, Option<String>)>,
}

/// A lane for each sender.
#[derive(Debug, Default)]
pub(super) struct Lanes(IndexMap<Owner, Pending>);

/// What a chunk does.
#[derive(Debug)]
pub(super) enum Chunk {
    /// It continues what is open.
    Continues(Pending, Owner),
    /// It closes what this lane had open, if anything, and opens its own.
    Opens {
        closed: Option<Pending>,
        opened: Pending,
        owner: Owner,
    },
}

impl Lanes {
    pub(super) fn close(&mut self, owner: &Owner) -> Option<Pending> {
        self.0.shift_remove(owner)
    }

    pub(super) fn close_all(&mut self) -> Vec<(Owner, Pending)> {
        self.0.drain(..).collect()
    }

    /// What is open by chunks, in words.
    pub(super) fn left_open(&self) -> impl Iterator<Item = String> {
        self.0
            .values()
            .map(|pending| format!("{} {}", pending.entity.name(), pending.id))
    }

    pub(super) fn read(&mut self, entity: Entity, event: &Event) -> Result<Chunk, Misstep> {
        let id = text(event, entity.id_field());
        let tag = text(event, "subagentRunId");
        let lane = self.lane(entity, id, tag)?;
        let repeated: &[&'static str] = match entity {
            Entity::Message => &["role", "name"],
            Entity::ToolCall => &["toolCallName", "parentMessageId"],
            Entity::ReasoningSpan | Entity::ReasoningMessage => &[],
        };
        let open = self.0.get(&lane);
        if let Some(open) = open.filter(|open| open.entity == entity && id.is_none_or(|id| id == open.id)) {
            for (field, known) in &open.fields {
                let repeated = text(event, field);
                if repeated.is_some() && repeated != known.as_deref() {
                    let what = format!(
                        "continues the {} {} with another `{field}`: {}",
                        entity.name(),
                        open.id,
                        repeated.unwrap_or_default()
                    );
                    return Err(Misstep::new(Kind::EventMalformed, what));
                }
            }
            return Ok(Chunk::Continues(open.clone(), lane));
        }
        let required = if entity == Entity::ToolCall {
            Some("toolCallName")
        } else {
            None
        };
        let lacks = |field: &str| {
            Misstep::new(
                Kind::EventMalformed,
                format!(
                    "is the first chunk of a {} and lacks the field `{field}`",
                    entity.name()
                ),
            )
        };
        let id = id.ok_or_else(|| lacks(entity.id_field()))?;
        if let Some(field) = required.filter(|field| text(event, field).is_none()) {
            return Err(lacks(field));
        }
        let field = |name: &'static str| {
            let given = text(event, name).map(str::to_owned);
            // A message whose first chunk names no role is the assistant's.
            let usual = || (name == "role").then(|| "assistant".to_owned());
            (name, given.or_else(usual))
        };
        let opened = Pending {
            entity,
            id: id.to_owned(),
            fields: repeated.iter().map(|name| field(name)).collect(),
        };
        let closed = self.0.shift_remove(&lane);
        self.0.insert(lane.clone(), opened.clone());
        Ok(Chunk::Opens {
            closed,
            opened,
            owner: lane,
        })
    }

    /// The lane of a chunk: that of its id, else that of its sender, else the only one that it fits.
    fn lane(&self, entity: Entity, id: Option<&str>, tag: Option<&str>) -> Result<Owner, Misstep> {
        let tag = tag.map(str::to_owned);
        if let Some(id) = id {
            let holder = self
                .0
                .iter()
                .find(|(_, open)| open.entity == entity && open.id == id);
            return match holder {
                Some((owner, _)) if tag.is_some() && tag != *owner => {
                    let what = format!(
                        "names subagent {}, but the {} {id} was opened by another",
                        tag.unwrap_or_default(),
                        entity.name()
                    );
                    Err(Misstep::new(Kind::Misattribution, what))
                }
                Some((owner, _)) => Ok(owner.clone()),
                None => Ok(tag),
            };
        }
        if tag.is_some() || self.0.get(&None).is_some_and(|open| open.entity == entity) {
            return Ok(tag);
        }
        let mut fitting = self.0.iter().filter(|(_, open)| open.entity == entity);
        match (fitting.next(), fitting.next()) {
            (Some((owner, _)), None) => Ok(owner.clone()),
            (Some(_), Some(_)) => Err(Misstep::new(
                Kind::EventMalformed,
                format!(
                    "names neither an id nor a subagent, and several have a {} open",
                    entity.name()
                ),
            )),
            (None, _) => Ok(None),
        }
    }
}
