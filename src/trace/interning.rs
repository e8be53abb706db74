//! Normalises what was seen, so that only meaning is compared.

use indexmap::IndexSet;
use serde_json::{Map, Value};

use crate::user::{Population, stands_alone};

/// Replaces what differs between executions that mean the same.
///
/// The viewer's own ids and secrets become `[user]`, `[thread]`, `[run]`, `[session]` and `[secret:card]`. UUIDs, and
/// values under keys that name an id, become `[id:1]`, `[id:2]` in the order in which they first appear; the same id
/// keeps its name. Times become `[t]`. All that but the keys' part applies within longer text and to keys too.
#[derive(Debug)]
pub(crate) struct Interner {
    /// Each with the name it gets.
    own: Vec<(String, String)>,
    ids: IndexSet<String>,
}

impl Interner {
    /// An interner for what the user at index `viewer` saw; it knows the secrets minted up to now.
    pub(crate) fn new(population: &Population, viewer: usize) -> Self {
        let context = population.identity(viewer).context();
        let ids = [
            (context.user.to_string(), String::from("[user]")),
            (context.thread.to_string(), String::from("[thread]")),
            (context.run.to_string(), String::from("[run]")),
            (context.session.to_string(), String::from("[session]")),
        ];
        let secrets = population
            .minted_for(viewer)
            .into_iter()
            .map(|secret| (secret.text().to_owned(), format!("[secret:{}]", secret.name())));
        Self {
            own: ids.into_iter().chain(secrets).collect(),
            ids: IndexSet::new(),
        }
    }

    /// The value with everything replaced that carries no meaning. Call it in the order in which values were seen.
    pub(crate) fn intern(&mut self, value: &Value) -> Value {
        match value {
            Value::Null | Value::Bool(_) => value.clone(),
            Value::Number(number) => self
                .own_name(&number.to_string())
                .map_or_else(|| value.clone(), Value::from),
            Value::String(text) => Value::String(self.intern_text(text)),
            Value::Array(items) => items.iter().map(|item| self.intern(item)).collect(),
            Value::Object(fields) => Value::Object(self.intern_fields(fields)),
        }
    }

    fn intern_fields(&mut self, fields: &Map<String, Value>) -> Map<String, Value> {
        fields
            .iter()
            .map(|(key, value)| {
                let interned = match value {
                    Value::String(_) | Value::Number(_) if names_time(key) => Value::from("[t]"),
                    Value::String(text) if names_id(key) => Value::String(self.id(text)),
                    Value::Number(number) if names_id(key) => Value::String(self.id(&number.to_string())),
                    value => self.intern(value),
                };
                (self.intern_text(key), interned)
            })
            .collect()
    }

    fn id(&mut self, text: &str) -> String {
        match self.own_name(text) {
            Some(name) => name.to_owned(),
            None => self.foreign_id(text),
        }
    }

    fn own_name(&self, text: &str) -> Option<&str> {
        self.own
            .iter()
            .find(|(own, _)| own == text)
            .map(|(_, name)| name.as_str())
    }

    fn foreign_id(&mut self, text: &str) -> String {
        let (index, _) = self.ids.insert_full(text.to_owned());
        format!("[id:{}]", index + 1)
    }

    fn intern_text(&mut self, text: &str) -> String {
        let mut interned = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(character) = text[at..].chars().next() {
            let (name, length) = self
                .token(text, at)
                .unwrap_or_else(|| (character.into(), character.len_utf8()));
            interned.push_str(&name);
            at += length;
        }
        interned
    }

    /// The name and the length of what stands at `at`, where that carries no meaning.
    fn token(&mut self, text: &str, at: usize) -> Option<(String, usize)> {
        let rest = &text.as_bytes()[at..];
        let alone = |length: usize| stands_alone(text.as_bytes(), at..at + length);
        let own = self
            .own
            .iter()
            .find(|(own, _)| rest.starts_with(own.as_bytes()) && alone(own.len()));
        if let Some((own, name)) = own {
            return Some((name.clone(), own.len()));
        }
        if matches_pattern(rest, UUID) && alone(UUID.len()) {
            return Some((
                self.foreign_id(&text[at..at + UUID.len()].to_ascii_lowercase()),
                UUID.len(),
            ));
        }
        let length = time_length(rest).filter(|&length| alone(length))?;
        Some((String::from("[t]"), length))
    }
}

/// `x` stands for a hexadecimal digit, `0` for a decimal one, `T` for what separates a date from a time.
pub(super) const UUID: &[u8] = b"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
const DATE_TIME: &[u8] = b"0000-00-00T00:00:00";
const OFFSET: &[u8] = b"00:00";

pub(super) fn matches_pattern(text: &[u8], pattern: &[u8]) -> bool {
    text.len() >= pattern.len()
        && pattern.iter().zip(text).all(|(pattern, byte)| match pattern {
            b'x' => byte.is_ascii_hexdigit(),
            b'0' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't' | b' '),
            literal => byte == literal,
        })
}

/// The length of the RFC 3339 time at the start of `text`.
pub(super) fn time_length(text: &[u8]) -> Option<usize> {
    if !matches_pattern(text, DATE_TIME) {
        return None;
    }
    let mut length = DATE_TIME.len();
    if text.get(length) == Some(&b'.') {
        length += 1 + text[length + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
    }
    match text.get(length)? {
        b'Z' | b'z' => Some(length + 1),
        b'+' | b'-' if matches_pattern(&text[length + 1..], OFFSET) => Some(length + 1 + OFFSET.len()),
        _ => None,
    }
}

pub(super) fn names_id(key: &str) -> bool {
    key == "id" || ends_with_any(key, &["_id", "Id"])
}

pub(super) fn names_time(key: &str) -> bool {
    const WHOLE: [&str; 2] = ["timestamp", "time"];
    const STARTS: [&str; 3] = ["elapsed", "duration", "latency"];
    const ENDS: [&str; 10] = [
        "_at",
        "_ms",
        "_us",
        "_ns",
        "_secs",
        "_time",
        "_timestamp",
        "At",
        "Ms",
        "Timestamp",
    ];
    WHOLE.contains(&key) || STARTS.iter().any(|start| key.starts_with(start)) || ends_with_any(key, &ENDS)
}

fn ends_with_any(key: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| key.ends_with(end))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::Interner;
    use crate::user::{Population, SecretKind};

    const UUID: &str = "6f1e7c2a-93b4-4d15-8c2e-0a1b2c3d4e5f";

    fn intern(value: &Value) -> Value {
        Interner::new(&Population::draw(2, 2), 0).intern(value)
    }

    #[test]
    fn a_users_own_ids_and_secrets_get_names() {
        let population = Population::draw(2, 2);
        let card = population.mint(0, SecretKind::Text, "card");
        let home = population.mint(0, SecretKind::Email, "home");
        let pin = population.mint_number(0, "pin");
        let seen = json!({
            "user_id": "user-1", "thread": "thread-1", "key": "user-1:run-1/session-1", "user-1": null,
            "card": card, "text": format!("{card} for {home}"), "pin": pin, "other": "user-10",
        });
        assert_eq!(
            Interner::new(&population, 0).intern(&seen),
            json!({
                "user_id": "[user]", "thread": "[thread]", "key": "[user]:[run]/[session]", "[user]": null,
                "card": "[secret:card]", "text": "[secret:card] for [secret:email home]",
                "pin": "[secret:number pin]", "other": "user-10",
            })
        );
    }

    #[test]
    fn an_id_keeps_its_name_from_value_to_value() {
        let mut interner = Interner::new(&Population::draw(0, 1), 0);
        let seen = [
            json!({ "id": 7, "parent_id": "p" }),
            json!({ "parentId": "p", "id": 8, "text": format!("<{}>", UUID.to_uppercase()) }),
            json!({ "ids": [UUID, 7], "x_id": null }),
        ];
        let names = seen.each_ref().map(|value| interner.intern(value));
        assert_eq!(
            names,
            [
                json!({ "id": "[id:1]", "parent_id": "[id:2]" }),
                json!({ "parentId": "[id:2]", "id": "[id:3]", "text": "<[id:4]>" }),
                json!({ "ids": ["[id:4]", 7], "x_id": null }),
            ]
        );
    }

    #[rstest]
    #[case("at 2025-01-31T23:59:59Z sharp", "at [t] sharp")]
    #[case("2025-01-31 23:59:59.123456+01:00", "[t]")]
    #[case("2025-01-31T23:59:59", "2025-01-31T23:59:59")]
    #[case("2025-01-31T23:59:59, in some zone", "2025-01-31T23:59:59, in some zone")]
    #[case("2025-01-31", "2025-01-31")]
    #[case("12025-01-31T23:59:59Z", "12025-01-31T23:59:59Z")]
    fn times_within_text_are_replaced(#[case] text: &str, #[case] interned: &str) {
        assert_eq!(intern(&json!(text)), json!(interned));
    }

    #[rstest]
    #[case("created_at")]
    #[case("createdAt")]
    #[case("timestamp")]
    #[case("time")]
    #[case("took_ms")]
    #[case("elapsed")]
    #[case("elapsed_seconds")]
    #[case("duration")]
    #[case("latency_p99")]
    fn times_are_known_by_their_keys(#[case] key: &str) {
        assert_eq!(intern(&json!({ key: 12.5 })), json!({ key: "[t]" }));
        assert_eq!(
            intern(&json!({ key: null })),
            json!({ key: null }),
            "that there is no time yet means something"
        );
    }

    #[rstest]
    #[case(json!({ "count": 3, "chat": "x", "paid": true, "idle": 1, "timeout": 5 }))]
    #[case(json!(["über 1–2 Wörter", -1, null]))]
    fn what_means_something_stays(#[case] value: Value) {
        assert_eq!(intern(&value), value);
    }
}
