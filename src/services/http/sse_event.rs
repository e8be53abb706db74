use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::HttpError;

/// What stands for no name of an event.
const UNNAMED: &str = "message";

/// A server-sent event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseEvent {
    name: Option<String>,
    id: Option<String>,
    data: String,
}

impl SseEvent {
    /// Its name; `message` where it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(UNNAMED)
    }

    /// Its id, if it has one of its own.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Its data, as text.
    #[must_use]
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Its data, read from JSON.
    ///
    /// # Errors
    ///
    /// Where it is no JSON, or that of something else.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        serde_json::from_str(&self.data).map_err(|error| {
            let what = format!("the data of the event is not the JSON that was asked for ({error})");
            HttpError::reply(what).saying(&self.data)
        })
    }

    pub(super) fn observed(&self) -> Value {
        let data: Value = serde_json::from_str(&self.data).unwrap_or_else(|_| Value::from(&*self.data));
        let names_it = |name: &String| name == UNNAMED || data.get("type").is_some_and(|kind| kind == name);
        let name = self.name.as_ref().filter(|name| !names_it(name));
        if name.is_none() && self.id.is_none() {
            return data;
        }
        let mut seen = Map::new();
        if let Some(name) = name {
            seen.insert("event".to_owned(), name.as_str().into());
        }
        if let Some(id) = &self.id {
            seen.insert("id".to_owned(), id.as_str().into());
        }
        seen.insert("data".to_owned(), data);
        Value::Object(seen)
    }
}

/// Reads events from bytes that come in any pieces. Source: the HTML Living Standard, section 9.2.6 (2025).
#[derive(Debug, Default)]
pub(super) struct Parser {
    /// A line that has not ended.
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed belongs to it.
    was_return: bool,
    has_begun: bool,
    name: Option<String>,
    id: Option<String>,
    data: Vec<String>,
    pub(super) last_id: Option<String>,
}

impl Parser {
    /// Forgets all but the last id: another stream begins.
    pub(super) fn start_anew(&mut self) {
        *self = Self {
            last_id: self.last_id.take(),
            ..Self::default()
        };
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<SseEvent> {
        let mut events = Vec::new();
        for &byte in bytes {
            match byte {
                b'\n' if self.was_return => self.was_return = false,
                b'\n' | b'\r' => {
                    self.was_return = byte == b'\r';
                    let line = std::mem::take(&mut self.line);
                    events.extend(self.line(&String::from_utf8_lossy(&line)));
                }
                byte => {
                    self.was_return = false;
                    self.line.push(byte);
                }
            }
        }
        events
    }

    fn line(&mut self, line: &str) -> Option<SseEvent> {
        let line = if self.has_begun {
            line
        } else {
            line.trim_start_matches('\u{feff}')
        };
        self.has_begun = true;
        if line.is_empty() {
            return self.event();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.name = Some(value.to_owned()),
            "data" => self.data.push(value.to_owned()),
            "id" if !value.contains('\0') => {
                self.id = Some(value.to_owned());
                self.last_id = self.id.clone();
            }
            // A comment, the time to wait before reconnecting, and what is unknown.
            _ => {}
        }
        None
    }

    fn event(&mut self) -> Option<SseEvent> {
        let (name, id, data) = (self.name.take(), self.id.take(), std::mem::take(&mut self.data));
        if data.is_empty() {
            return None;
        }
        Some(SseEvent {
            name,
            id,
            data: data.join("\n"),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Parser, SseEvent};

    const STREAM: &str = "\u{feff}: a comment\nretry: 10\n\nevent: paid\ndata: {\"n\":1}\nid: 7\n\ndata: a\rdata:b\r\n\r\nevent: x\n\n\
                          event: paid\ndata: {\"type\":\"paid\"}\n\ndata: never ended";

    fn seen(events: &[SseEvent]) -> Vec<Value> {
        events.iter().map(SseEvent::observed).collect()
    }

    #[test]
    fn events_are_read_as_browsers_do() {
        let mut parser = Parser::default();
        let events = parser.feed(STREAM.as_bytes());
        assert_eq!(
            seen(&events),
            [
                json!({ "event": "paid", "id": "7", "data": { "n": 1 } }),
                json!("a\nb"),
                json!({ "type": "paid" }),
            ]
        );
        assert_eq!(parser.last_id.as_deref(), Some("7"));
        assert_eq!((events[0].name(), events[1].name()), ("paid", "message"));
    }

    proptest! {
        #[test]
        fn how_a_stream_is_cut_does_not_matter(cuts in proptest::collection::vec(0..STREAM.len(), 0..8)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            let whole = Parser::default().feed(STREAM.as_bytes());
            let mut parser = Parser::default();
            let (mut events, mut from) = (Vec::new(), 0);
            for to in cuts.into_iter().chain([STREAM.len()]) {
                events.extend(parser.feed(&STREAM.as_bytes()[from..to]));
                from = to;
            }
            prop_assert_eq!(events, whole);
        }
    }
}
