//! A protocol against a stream.

use std::time::Duration;

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
        if let Some(defect) = self.defect() {
            return Err(ProtocolError::of(self.fault(defect)));
        }
        run(self, events, is_whole)
    }
}

fn run(
    protocol: &Protocol,
    events: impl IntoIterator<Item = Result<(Value, Option<Duration>), String>>,
    is_whole: bool,
) -> Result<(), ProtocolError> {
    let events = read(protocol, events)?;
    let Some(first) = events.first() else {
        let what = "the stream holds no event; record each with `user.saw(Surface::Event, ..)`".to_owned();
        return if is_whole {
            Err(ProtocolError::of(protocol.fault(what)))
        } else {
            Ok(())
        };
    };
    let mut checker = Checker::new(protocol, first.at);
    for (index, event) in events.iter().enumerate() {
        checker
            .step(event, &events[index + 1..])
            .map_err(|misstep| error(protocol, Some(event), misstep))?;
    }
    if is_whole {
        checker.end().map_err(|misstep| error(protocol, None, misstep))?;
    }
    Ok(())
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
