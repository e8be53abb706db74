//! A protocol against a stream.

use std::time::Duration;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use super::checker::Checker;
use super::error::{Fault, ProtocolError};
use super::event::Event;
use super::machine::Misstep;
use super::protocol::Protocol;
use crate::oracle::Kind;

impl Protocol {
    /// Checks a whole stream.
    ///
    /// # Errors
    ///
    /// The first event that does not follow the protocol; what is missing or open at the end; a stream without events; a protocol that can match nothing.
    pub fn check<E: Serialize>(&self, events: impl IntoIterator<Item = E>) -> Result<(), ProtocolError> {
        let events = events.into_iter().map(|event| match serde_json::to_value(event) {
            Ok(value) => Ok((value, None)),
            Err(error) => Err(error.to_string()),
        });
        self.check_values(events, true)
    }

    /// Checks a stream of JSON values, each with its time where that is known; up to its end, or as far as it goes.
    pub(crate) fn check_values(
        &self,
        events: impl IntoIterator<Item = Result<(Value, Option<Duration>), String>>,
        is_whole: bool,
    ) -> Result<(), ProtocolError> {
        let first = |faults: Vec<ProtocolError>| {
            let mut faults = faults.into_iter();
            let first = faults.next()?;
            Some(faults.fold(
                first,
                |first, other| if other.is_before(&first) { other } else { first },
            ))
        };
        match follow(self, events, is_whole, true) {
            Ok(faults) => first(faults).map_or(Ok(()), Err),
            Err(error) => Err(error),
        }
    }

    /// Everything in which a stream does not follow the protocol, as far as the rest can be judged once an event is left out.
    #[cfg(feature = "conformance")]
    pub(crate) fn faults(
        &self,
        events: impl IntoIterator<Item = (Value, Option<Duration>)>,
        is_whole: bool,
    ) -> Vec<ProtocolError> {
        let events = events.into_iter().map(Ok);
        follow(self, events, is_whole, false).unwrap_or_else(|error| vec![error])
    }

    /// The run of an event, where runs are told apart.
    #[cfg(feature = "conformance")]
    pub(crate) fn run_of(&self, event: &Value) -> Option<String> {
        self.event(event)?.id(self.runs_by.as_deref()?)
    }

    /// Whether an event says that its run is over and has not failed, where the protocol knows how that is said.
    pub(crate) fn says_success(&self, event: &Value) -> bool {
        let (Some((last, pointer)), Some(event)) = (&self.failure, self.event(event)) else {
            return false;
        };
        event.name == *last && event.field(pointer).is_none_or(Value::is_null)
    }

    fn event(&self, value: &Value) -> Option<Event> {
        let mut event = Event::read(0, value.clone(), &self.type_at, None).ok()?;
        if self.in_snake_case {
            event.name = in_snake_case(&event.name);
        }
        Some(event)
    }
}

/// What is wrong with a stream: at most one thing in each run where the first of all is wanted.
fn follow(
    protocol: &Protocol,
    events: impl IntoIterator<Item = Result<(Value, Option<Duration>), String>>,
    is_whole: bool,
    only_first: bool,
) -> Result<Vec<ProtocolError>, ProtocolError> {
    if let Some(defect) = protocol.defect() {
        return Err(ProtocolError::of(protocol.fault(defect)));
    }
    let events = read(protocol, events)?;
    if events.is_empty() {
        let what = "the stream holds no event; record each with `user.saw(Surface::Event, ..)`".to_owned();
        return if is_whole {
            Err(ProtocolError::of(protocol.fault(what)))
        } else {
            Ok(Vec::new())
        };
    }
    let mut faults = Vec::new();
    for run in runs(protocol, events, &mut faults) {
        let mut checker = Checker::new(protocol, run.first().and_then(|first| first.at));
        let begun = faults.len();
        for (index, event) in run.iter().enumerate() {
            if let Err(misstep) = checker.step(&run, index) {
                faults.push(error(protocol, Some(event), misstep));
                // What a machine has rejected half-way says nothing about the rest.
                if only_first || protocol.machine.is_some() {
                    break;
                }
            }
        }
        if is_whole
            && (faults.len() == begun || !only_first && protocol.machine.is_none())
            && let Err(misstep) = checker.end()
        {
            faults.push(error(protocol, None, misstep));
        }
    }
    Ok(faults)
}

/// The stream of each run, in the order of their first events.
fn runs(protocol: &Protocol, events: Vec<Event>, faults: &mut Vec<ProtocolError>) -> Vec<Vec<Event>> {
    let Some(field) = &protocol.runs_by else {
        return vec![events];
    };
    let mut runs: IndexMap<String, Vec<Event>> = IndexMap::new();
    for event in events {
        if let Some(run) = event.id(field) {
            runs.entry(run).or_default().push(event);
        } else {
            let misstep = Misstep::new(Kind::EventMalformed, format!("lacks the id `{field}` of its run"));
            faults.push(error(protocol, Some(&event), misstep));
        }
    }
    runs.into_values().collect()
}

fn read(
    protocol: &Protocol,
    events: impl IntoIterator<Item = Result<(Value, Option<Duration>), String>>,
) -> Result<Vec<Event>, ProtocolError> {
    let mut read = Vec::new();
    for (number, event) in (1..).zip(events) {
        let malformed = |what: String| {
            ProtocolError::of(Fault {
                number: Some(number),
                kind: Some(Kind::EventMalformed),
                ..protocol.fault(what)
            })
        };
        let (value, at) = event.map_err(|error| malformed(format!("cannot be turned into JSON: {error}")))?;
        let mut event = Event::read(number, value, &protocol.type_at, at)
            .map_err(|value| malformed(format!("has no type at `{}`: {value}", protocol.type_at)))?;
        if protocol.in_snake_case {
            event.name = in_snake_case(&event.name);
        }
        read.push(event);
    }
    Ok(read)
}

/// `AgentStarted` as `agent_started`; `AGENT_STARTED`, too.
fn in_snake_case(name: &str) -> String {
    if !name.contains(|c: char| c.is_lowercase()) {
        return name.to_lowercase();
    }
    let mut snake = String::new();
    for (index, c) in name.char_indices() {
        if c.is_uppercase() && index > 0 && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

fn error(protocol: &Protocol, event: Option<&Event>, misstep: Misstep) -> ProtocolError {
    ProtocolError::of(Fault {
        protocol: protocol.name.clone(),
        kind: Some(misstep.kind),
        number: event.map(|event| event.number),
        event: event.map(|event| event.name.clone()),
        what: misstep.what,
        expected: misstep.expected,
        open: misstep.open,
    })
}
