//! Follows a stream, event by event.

use std::collections::BTreeSet;
use std::time::Duration;

use indexmap::IndexMap;

use super::automaton::Progress;
use super::event::Event;
use super::machine::{Machine, Misstep};
use super::misfit::misfit;
use super::protocol::{Keyed, Protocol};
use crate::oracle::Kind;

/// What belongs to one id.
#[derive(Clone, Debug)]
struct Instance {
    progress: Progress,
    opened_at: Option<Duration>,
    owner: Option<String>,
    last: String,
    seen: Vec<String>,
}

pub(super) struct Checker<'p> {
    protocol: &'p Protocol,
    sequences: Vec<Progress>,
    /// For each rule, what was seen of each id.
    keyed: Vec<IndexMap<String, Instance>>,
    machine: Option<Box<dyn Machine>>,
    /// The last event of the stream, where it came.
    terminal: Option<String>,
    began: Option<Duration>,
    last: Option<Duration>,
    /// The names of the events so far.
    seen: Vec<String>,
    /// The sequences in which an event was out of place, of which nothing more can be said.
    lost_sequences: BTreeSet<usize>,
    /// The same of ids, by the index of the rule.
    lost_ids: BTreeSet<(usize, String)>,
    /// Whether an event has come that may be the first, or was said to be none.
    has_begun: bool,
    /// The names of all events of the protocol.
    names: BTreeSet<String>,
}

impl<'p> Checker<'p> {
    pub(super) fn new(protocol: &'p Protocol, began: Option<Duration>) -> Self {
        Self {
            protocol,
            sequences: vec![Progress::default(); protocol.sequences.len()],
            keyed: vec![IndexMap::new(); protocol.keyed.len()],
            machine: protocol.machine.map(|machine| machine()),
            terminal: None,
            began,
            last: None,
            seen: Vec::new(),
            lost_sequences: BTreeSet::new(),
            lost_ids: BTreeSet::new(),
            has_begun: false,
            names: protocol.names(),
        }
    }

    /// One event further, which is the one at `index` of `stream`.
    pub(super) fn step(&mut self, stream: &[Event], index: usize) -> Result<(), Misstep> {
        let (before, event, rest) = (&stream[..index], &stream[index], &stream[index + 1..]);
        if let Some(terminal) = &self.terminal {
            let comes_once = event.name == *terminal || Some(&event.name) == self.seen.first();
            return Err(if comes_once || event.is_among(before) {
                Misstep::new(Kind::EventDuplicated, "comes once more")
            } else {
                let what = format!("comes after {terminal}, which is the last");
                Misstep::new(Kind::EventAfterTerminal, what)
            });
        }
        self.in_time(event)?;
        let may_begin = self.may_begin(event, rest);
        self.has_begun = true;
        may_begin?;
        if let Some(machine) = &mut self.machine {
            machine.step(event, rest)?;
        }
        if !self.is_known(&event.name) {
            return Err(
                Misstep::new(Kind::EventMalformed, "is no event of this protocol").expecting(&self.names)
            );
        }
        self.has_fields(event)?;
        for index in 0..self.sequences.len() {
            self.step_sequence(index, event, (before, rest))?;
        }
        for index in 0..self.keyed.len() {
            self.step_keyed(index, event, (before, rest))?;
        }
        if self.protocol.closed_before.contains(&event.name) {
            let open = self.open(|_| true);
            if !open.is_empty() {
                return Err(
                    Misstep::new(Kind::EventMissing, "comes before everything is closed").with_open(open),
                );
            }
        }
        if self.protocol.terminal.contains(&event.name) {
            self.terminal = Some(event.name.clone());
        }
        self.seen.push(event.name.clone());
        Ok(())
    }

    fn in_time(&mut self, event: &Event) -> Result<(), Misstep> {
        let protocol = self.protocol;
        let needs_times = protocol.most_gap.is_some()
            || protocol.most_total.is_some()
            || protocol.keyed.iter().any(|rule| rule.most_open.is_some());
        let (Some(at), Some(began)) = (event.at, self.began) else {
            return if needs_times {
                let what = "has no time, which a limit of the protocol needs: check what users observed, in a check or a test case";
                Err(Misstep::new(Kind::EventMalformed, what))
            } else {
                Ok(())
            };
        };
        if let (Some(most), Some(last)) = (protocol.most_gap, self.last)
            && at.saturating_sub(last) > most
        {
            let gap = at.saturating_sub(last);
            let what =
                format!("comes {gap:?} after the one before it, and no more than {most:?} are allowed");
            return Err(Misstep::new(Kind::LimitExceeded, what));
        }
        if let Some(most) = protocol.most_total
            && at.saturating_sub(began) > most
        {
            let total = at.saturating_sub(began);
            let what = format!("comes {total:?} after the first, and no more than {most:?} are allowed");
            return Err(Misstep::new(Kind::LimitExceeded, what));
        }
        self.last = Some(at);
        Ok(())
    }

    fn may_begin(&self, event: &Event, rest: &[Event]) -> Result<(), Misstep> {
        let initial = &self.protocol.initial;
        if self.has_begun || initial.is_empty() || initial.contains(&event.name) {
            return Ok(());
        }
        let misstep = match rest.iter().find(|later| initial.contains(&later.name)) {
            Some(later) => {
                let what = format!("comes before {} (event {})", later.name, later.number);
                Misstep::new(Kind::EventOutOfOrder, what)
            }
            None => Misstep::new(Kind::EventMissing, "comes where another is missing"),
        };
        Err(misstep.expecting(initial))
    }

    fn is_known(&self, name: &str) -> bool {
        self.protocol.allows_others || self.protocol.machine.is_some() || self.names.contains(name)
    }

    fn has_fields(&self, event: &Event) -> Result<(), Misstep> {
        let fields = self
            .protocol
            .fields
            .iter()
            .filter(|(name, _)| *name == event.name);
        let lacking: Vec<&str> = fields
            .flat_map(|(_, fields)| fields)
            .filter(|field| event.field(field).is_none())
            .map(String::as_str)
            .collect();
        if lacking.is_empty() {
            return Ok(());
        }
        let what = format!("lacks the field `{}`", lacking.join("`, `"));
        Err(Misstep::new(Kind::EventMalformed, what))
    }

    fn step_sequence(
        &mut self,
        index: usize,
        event: &Event,
        around: (&[Event], &[Event]),
    ) -> Result<(), Misstep> {
        let automaton = &self.protocol.sequences[index];
        if !automaton.names().contains(event.name.as_str()) || self.lost_sequences.contains(&index) {
            return Ok(());
        }
        let progress = &self.sequences[index];
        if let Some(next) = automaton.step(progress, &event.name) {
            self.sequences[index] = next;
            return Ok(());
        }
        let misstep = misfit(automaton, progress, event, &self.seen, around, |_| true);
        if misstep.kind != Kind::EventDuplicated {
            self.lost_sequences.insert(index);
        }
        Err(misstep)
    }

    fn step_keyed(
        &mut self,
        index: usize,
        event: &Event,
        around: (&[Event], &[Event]),
    ) -> Result<(), Misstep> {
        let rule = &self.protocol.keyed[index];
        if !rule.automaton.names().contains(event.name.as_str()) {
            return Ok(());
        }
        let id = match event.id(&rule.field) {
            Some(id) => id,
            None if rule.is_optional => String::new(),
            None => {
                let what = format!("lacks the id `{}`", rule.field);
                return Err(Misstep::new(Kind::EventMalformed, what));
            }
        };
        if self.lost_ids.contains(&(index, id.clone())) {
            return Ok(());
        }
        let known = self.keyed[index].get(&id);
        let progress = known
            .map(|instance| instance.progress.clone())
            .unwrap_or_default();
        let Some(next) = rule.automaton.step(&progress, &event.name) else {
            let seen = known.map_or(&[][..], |instance| &instance.seen);
            let field = rule.field.as_str();
            let is_of_it = |other: &Event| other.id(field).unwrap_or_default() == id;
            let mut misstep = misfit(&rule.automaton, &progress, event, seen, around, is_of_it);
            if !id.is_empty() {
                misstep.what = format!("{}, for {field} {id}", misstep.what);
            }
            if misstep.kind != Kind::EventDuplicated {
                self.keyed[index].swap_remove(&id);
                self.lost_ids.insert((index, id));
            }
            return Err(misstep);
        };
        let owner = match known {
            Some(instance) => instance.owner.clone(),
            None => self.owner(rule, event)?,
        };
        let opened_at = known.map_or(event.at, |instance| instance.opened_at);
        let closes = rule.automaton.may_end(&next);
        if closes && let (Some(most), Some(opened), Some(now)) = (rule.most_open, opened_at, event.at) {
            let open = now.saturating_sub(opened);
            if open > most {
                let what = format!(
                    "closes {} {id} after {open:?}, and no more than {most:?} are allowed",
                    rule.field
                );
                return Err(Misstep::new(Kind::LimitExceeded, what));
            }
        }
        if closes {
            let nested = self.open(|instance: (&Keyed, &Instance)| {
                instance.0.owner == Some(index) && instance.1.owner.as_ref() == Some(&id)
            });
            if !nested.is_empty() {
                let what = format!("closes {} {id} before what is nested in it", rule.field);
                return Err(Misstep::new(Kind::EventMissing, what).with_open(nested));
            }
        }
        let mut seen = self.keyed[index]
            .swap_remove(&id)
            .map_or_else(Vec::new, |instance| instance.seen);
        seen.push(event.name.clone());
        self.keyed[index].insert(
            id,
            Instance {
                progress: next,
                opened_at,
                owner,
                last: event.name.clone(),
                seen,
            },
        );
        Ok(())
    }

    /// The owner that the first event of an id names, which has to be open.
    fn owner(&self, rule: &Keyed, event: &Event) -> Result<Option<String>, Misstep> {
        let Some(owner_index) = rule.owner else {
            return Ok(None);
        };
        let owner = &self.protocol.keyed[owner_index];
        let Some(id) = event.id(&owner.field) else {
            let what = format!("lacks the id `{}` of its owner", owner.field);
            return Err(Misstep::new(Kind::EventMalformed, what));
        };
        let is_open = self.keyed[owner_index]
            .get(&id)
            .is_some_and(|instance| !owner.automaton.may_end(&instance.progress));
        if !is_open {
            let what = format!("belongs to {} {id}, which is not open", owner.field);
            return Err(Misstep::new(Kind::EventOutOfOrder, what));
        }
        Ok(Some(id))
    }

    /// The ids that are open, of those that are `wanted`.
    fn open(&self, wanted: impl Fn((&Keyed, &Instance)) -> bool) -> Vec<String> {
        let rules = self.protocol.keyed.iter().zip(&self.keyed);
        rules
            .flat_map(|(rule, instances)| instances.iter().map(move |(id, instance)| (rule, id, instance)))
            .filter(|(rule, _, instance)| {
                !rule.automaton.may_end(&instance.progress) && wanted((rule, instance))
            })
            .map(|(rule, id, instance)| {
                let of = if id.is_empty() {
                    "the stream".to_owned()
                } else {
                    format!("{} {id}", rule.field)
                };
                format!("{of}, after {}", instance.last)
            })
            .collect()
    }

    pub(super) fn end(&self) -> Result<(), Misstep> {
        if let Some(machine) = &self.machine {
            machine.end()?;
        }
        let sequences = self.protocol.sequences.iter().zip(&self.sequences).enumerate();
        for (index, (automaton, progress)) in sequences {
            if !automaton.may_end(progress) && !self.lost_sequences.contains(&index) {
                let what = if progress.has_begun() || automaton.is_nullable() {
                    "the stream ends too early"
                } else {
                    "the stream ends before it has begun"
                };
                return Err(Misstep::new(Kind::EventMissing, what).expecting(automaton.expected(progress)));
            }
        }
        let open = self.open(|_| true);
        if !open.is_empty() {
            return Err(
                Misstep::new(Kind::EventMissing, "the stream ends before everything is closed")
                    .with_open(open),
            );
        }
        Ok(())
    }
}
