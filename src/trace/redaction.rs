use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use indexmap::IndexMap;
use serde_json::{Map, Number, Value, json};

use super::Observation;
use super::interning::{UUID, matches_pattern, names_id, names_time, time_length};
use crate::user::{self, Population, stands_alone};

/// Texts whose meaning is known: the ids and secrets of users.
pub(crate) type Known = IndexMap<String, Meaning>;

/// What a text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// An id of this kind, which is numbered in the order of appearance.
    Id(&'static str),
    /// A secret, by the name that it gets.
    Secret(String),
}

impl Population {
    /// The ids of its users, and the secrets that were minted up to now.
    pub(crate) fn known(&self) -> impl Iterator<Item = (String, Meaning)> {
        (0..self.len()).flat_map(|index| {
            let identity = self.identity(index);
            let context = identity.context();
            let ids = [
                (context.user.to_string(), "user"),
                (context.thread.to_string(), "thread"),
                (context.run.to_string(), "run"),
                (context.session.to_string(), "session"),
            ];
            let ids = ids.map(|(id, kind)| (id, Meaning::Id(kind)));
            let secrets = self.minted_for(index).into_iter().map(|secret| {
                let name = format!("{}/{}", identity.name(), secret.name());
                (secret.text().to_owned(), Meaning::Secret(name))
            });
            ids.into_iter().chain(secrets).collect::<Vec<_>>()
        })
    }
}

/// Replaces what changes from run to run, in the order in which values are given to it: the same id keeps its name.
#[derive(Debug)]
pub(crate) struct Redactor<'t> {
    known: &'t Known,
    pointers: &'t [(String, String)],
    /// The name of each id.
    ids: BTreeMap<String, String>,
    /// How many ids of each kind there were.
    counts: BTreeMap<String, usize>,
    /// The first time of all.
    began: Option<SystemTime>,
    /// The first number under each key that names one of a sequence.
    firsts: BTreeMap<String, i128>,
}

impl<'t> Redactor<'t> {
    /// `pointers` are JSON pointers into values, each with the name that takes the place of what stands there.
    pub(super) fn new(known: &'t Known, pointers: &'t [(String, String)]) -> Self {
        Self {
            known,
            pointers,
            ids: BTreeMap::new(),
            counts: BTreeMap::new(),
            began: None,
            firsts: BTreeMap::new(),
        }
    }

    /// An observation: its user, its surface and its value.
    pub(crate) fn observation(&mut self, seen: &Observation) -> Value {
        json!({
            "user": user::name(seen.viewer()),
            "surface": seen.surface(),
            "value": self.value_of(seen),
        })
    }

    /// The value of an observation.
    pub(crate) fn value_of(&mut self, seen: &Observation) -> Value {
        let mut value = seen.value();
        for (pointer, name) in self.pointers {
            if let Some(place) = value.pointer_mut(pointer) {
                *place = Value::String(name.clone());
            }
        }
        self.value(&value)
    }

    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::Null | Value::Bool(_) => value.clone(),
            Value::Number(number) => self.number(number),
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => Value::Object(self.fields(fields)),
        }
    }

    fn fields(&mut self, fields: &Map<String, Value>) -> Map<String, Value> {
        fields
            .iter()
            .map(|(key, value)| {
                let redacted = match value {
                    Value::Number(number) if counts_a_sequence(key) => self.place_in_sequence(key, number),
                    Value::Number(number) if names_time(key) => Value::String(self.time_of_number(number)),
                    Value::String(text) if names_time(key) => Value::String(self.time_of_text(text)),
                    Value::String(text) if names_id(key) && !self.known.contains_key(text) => {
                        Value::String(self.id(stem(key), text))
                    }
                    Value::Number(number) if names_id(key) => {
                        Value::String(self.id(stem(key), &number.to_string()))
                    }
                    value => self.value(value),
                };
                (self.text(key), redacted)
            })
            .collect()
    }

    fn number(&mut self, number: &Number) -> Value {
        let text = number.to_string();
        match self.known.get(&text) {
            Some(meaning) => Value::String(self.name(meaning, &text)),
            None => Value::Number(number.clone()),
        }
    }

    fn name(&mut self, meaning: &Meaning, text: &str) -> String {
        match meaning {
            Meaning::Id(kind) => self.id(kind, text),
            Meaning::Secret(name) => format!("[secret:{name}]"),
        }
    }

    /// The name of an id: its kind, and the how manyth of its kind it is.
    fn id(&mut self, kind: &str, text: &str) -> String {
        if let Some(name) = self.ids.get(text) {
            return name.clone();
        }
        let count = self.counts.entry(kind.to_owned()).or_default();
        *count += 1;
        let name = format!("[{kind}:{count}]");
        self.ids.insert(text.to_owned(), name.clone());
        name
    }

    fn text(&mut self, text: &str) -> String {
        let mut redacted = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(character) = text[at..].chars().next() {
            let (name, length) = self
                .token(text, at)
                .unwrap_or_else(|| (character.into(), character.len_utf8()));
            redacted.push_str(&name);
            at += length;
        }
        redacted
    }

    /// The name and the length of what stands at `at`, where that changes from run to run.
    fn token(&mut self, text: &str, at: usize) -> Option<(String, usize)> {
        let bytes = text.as_bytes();
        let rest = &bytes[at..];
        let alone = |length: usize| stands_alone(bytes, at..at + length);
        let known = self.known;
        let mut starting = known
            .iter()
            .filter(|(known, _)| rest.starts_with(known.as_bytes()));
        if let Some((known, meaning)) = starting.find(|(known, _)| alone(known.len())) {
            return Some((self.name(meaning, known), known.len()));
        }
        if matches_pattern(rest, UUID) && alone(UUID.len()) {
            let uuid = text[at..at + UUID.len()].to_ascii_lowercase();
            return Some((self.id("id", &uuid), UUID.len()));
        }
        let length = time_length(rest).filter(|&length| alone(length))?;
        Some((self.time_of_text(&text[at..at + length]), length))
    }

    /// How much later a time is than the first of all, in whole seconds.
    fn time(&mut self, time: SystemTime) -> String {
        let began = *self.began.get_or_insert(time);
        match time.duration_since(began) {
            Ok(later) => format!("[t+{}]", later.as_secs()),
            Err(earlier) => format!("[t-{}]", earlier.duration().as_secs()),
        }
    }

    fn time_of_text(&mut self, text: &str) -> String {
        match humantime::parse_rfc3339_weak(text) {
            Ok(time) => self.time(time),
            Err(_) => "[t]".to_owned(),
        }
    }

    /// A number may be a time since 1970, in whichever unit gives one of our days.
    fn time_of_number(&mut self, number: &Number) -> String {
        let time = match number.as_u64() {
            Some(seconds @ 1_000_000_000..100_000_000_000) => Duration::from_secs(seconds),
            Some(millis @ 1_000_000_000_000..100_000_000_000_000) => Duration::from_millis(millis),
            Some(micros @ 1_000_000_000_000_000..100_000_000_000_000_000) => Duration::from_micros(micros),
            Some(nanos @ 1_000_000_000_000_000_000..) => Duration::from_nanos(nanos),
            _ => return "[t]".to_owned(),
        };
        self.time(UNIX_EPOCH + time)
    }

    /// How far a number is from the first of its key.
    fn place_in_sequence(&mut self, key: &str, number: &Number) -> Value {
        let Some(number) = number.as_i128() else {
            return Value::Number(number.clone());
        };
        let first = *self.firsts.entry(key.to_owned()).or_insert(number);
        Value::String(format!("[n{:+}]", number - first))
    }
}

/// What a key that names an id is the id of.
fn stem(key: &str) -> &str {
    let stem = key.strip_suffix("_id").or_else(|| key.strip_suffix("Id"));
    stem.filter(|stem| !stem.is_empty()).unwrap_or("id")
}

fn counts_a_sequence(key: &str) -> bool {
    ["seq", "sequence", "sequence_number", "sequenceNumber"].contains(&key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::trace::{Surface, Trace};

    fn trace(values: &[Value]) -> Trace {
        let seen = |value: &Value| Observation::new(0, Surface::Event, value.to_string(), 0);
        let known = Known::from([
            ("run-77".to_owned(), Meaning::Id("run")),
            ("run-78".to_owned(), Meaning::Id("run")),
            ("s3cr3t".to_owned(), Meaning::Secret("ada/card".to_owned())),
            ("4711".to_owned(), Meaning::Secret("ada/pin".to_owned())),
        ]);
        Trace::new(values.iter().map(seen).collect(), Vec::new()).with_known(known)
    }

    fn redacted(values: &[Value]) -> Vec<Value> {
        let trace = trace(values);
        let mut redactor = trace.redactor();
        trace
            .observations()
            .iter()
            .map(|seen| redactor.value_of(seen))
            .collect()
    }

    #[test]
    fn the_same_id_keeps_its_name() {
        assert_eq!(
            redacted(&[
                json!({ "run_id": "run-78", "order_id": 9, "text": "run-78 before run-77, not run-777" }),
                json!({ "runId": "run-77", "parentOrderId": 9, "orderId": 10, "ids": ["run-78"] }),
                json!("of 6f1e7c2a-93b4-4d15-8c2e-0a1b2c3d4e5f"),
                json!({ "id": "6f1e7c2a-93b4-4d15-8c2e-0a1b2c3d4e5f" }),
            ]),
            [
                json!({ "run_id": "[run:1]", "order_id": "[order:1]", "text": "[run:1] before [run:2], not run-777" }),
                json!({ "runId": "[run:2]", "parentOrderId": "[order:1]", "orderId": "[order:2]", "ids": ["[run:1]"] }),
                json!("of [id:1]"),
                json!({ "id": "[id:1]" }),
            ]
        );
    }

    #[test]
    fn secrets_times_and_places_in_a_sequence_have_names() {
        assert_eq!(
            redacted(&[
                json!({ "card": "s3cr3t", "pin": 4711, "text": "card s3cr3t" }),
                json!({ "at": 1, "created_at": "2026-11-27T10:00:00Z", "seq": 41 }),
                json!({ "created_at": 1_795_773_602_u64, "sent_ms": 1_795_773_604_900_u64, "seq": 43, "elapsed_ms": 17 }),
                json!("done at 2026-11-27T10:00:02.7Z, not 2026"),
            ]),
            [
                json!({ "card": "[secret:ada/card]", "pin": "[secret:ada/pin]", "text": "card [secret:ada/card]" }),
                json!({ "at": 1, "created_at": "[t+0]", "seq": "[n+0]" }),
                json!({ "created_at": "[t+2]", "sent_ms": "[t+4]", "seq": "[n+2]", "elapsed_ms": "[t]" }),
                json!("done at [t+2], not 2026"),
            ]
        );
    }

    #[test]
    fn a_test_says_what_else_changes() {
        let trace = trace(&[json!({ "head": { "by": "host-7" } })]).redact("/head/by", "[host]");
        assert_eq!(
            trace.redacted(),
            json!([{ "user": "ada", "surface": "event", "value": { "head": { "by": "[host]" } } }])
        );
    }
}
