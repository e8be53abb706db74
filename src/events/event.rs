//! How the type and the ids of an event are read from its JSON.

use std::time::Duration;

use serde_json::{Map, Value};

/// Where an event's type stands, if nothing else is said.
pub(super) const TYPE: &str = "type";

/// One event of a stream.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Its place in the stream, from 1.
    pub(super) number: usize,
    pub(super) name: String,
    value: Value,
    /// Since the first event, where that is known.
    pub(super) at: Option<Duration>,
}

impl Event {
    /// Reads an event whose type is the field at `type_at`. `Err` holds what the event is instead.
    ///
    /// An event may also be a text, which is its type, or an object with one key, as serde writes an enum: that is its type, and its fields are below.
    pub(super) fn read(
        number: usize,
        value: Value,
        type_at: &str,
        at: Option<Duration>,
    ) -> Result<Self, Value> {
        let named = field(&value, type_at).and_then(Value::as_str).map(str::to_owned);
        let (name, value) = match (named, value) {
            (_, Value::String(name)) => (name, Value::Null),
            (Some(name), value) => (name, value),
            (None, Value::Object(fields)) if is_variant(&fields) => {
                fields.into_iter().next().expect("it has one")
            }
            (None, value) => return Err(value),
        };
        Ok(Self {
            number,
            name,
            value,
            at,
        })
    }

    /// The value of a field: by its name, or by a JSON pointer, which begins with `/`.
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        field(&self.value, name)
    }

    /// Whether one of these events is the same, with fields that are the same.
    pub(super) fn is_among(&self, events: &[Self]) -> bool {
        let has_fields = !self.value.is_null();
        let mut events = events.iter();
        has_fields && events.any(|other| other.name == self.name && other.value == self.value)
    }

    /// A field that is an id, as text. `null` is none.
    pub(super) fn id(&self, name: &str) -> Option<String> {
        match self.field(name)? {
            Value::String(id) => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }
}

/// Whether serde may have written these fields for a variant of an enum: one, which holds the fields of the variant.
fn is_variant(fields: &Map<String, Value>) -> bool {
    fields.len() == 1 && fields.values().all(|inner| inner.is_object() || inner.is_array())
}

fn field<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    if name.starts_with('/') {
        value.pointer(name)
    } else {
        value.get(name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_found_where_it_stands() {
        for (value, type_at, name, id) in [
            (json!({ "type": "paid", "id": 7 }), "type", "paid", Some("7")),
            (
                json!({ "head": { "kind": "paid" }, "id": "x" }),
                "/head/kind",
                "paid",
                Some("x"),
            ),
            (json!("paid"), "type", "paid", None),
            (json!({ "Paid": { "id": "x" } }), "type", "Paid", Some("x")),
            (json!({ "type": "paid", "id": null }), "type", "paid", None),
        ] {
            let event = Event::read(1, value.clone(), type_at, None).unwrap();
            assert_eq!(
                (event.name.as_str(), event.id("id").as_deref()),
                (name, id),
                "{value}"
            );
        }
        for value in [
            json!(7),
            json!({}),
            json!({ "kind": "paid", "id": 7 }),
            json!({ "kind": "paid" }),
            json!([]),
            json!(null),
        ] {
            assert!(Event::read(1, value.clone(), "type", None).is_err(), "{value}");
        }
    }
}
