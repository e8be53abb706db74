//! Differences from a solo run that many sound systems have.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::trace::{Observation, Surface};

/// What a difference from a solo run looks like, where it may be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Likeness {
    /// A number that counts what all users do: an order number, a position in a log.
    SequenceNumber,
    /// A list to which several users add.
    SharedList,
    /// A call that is turned away because others are there: a limit, a full queue.
    Refusal,
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::SequenceNumber => "a sequence number",
            Self::SharedList => "a position in a shared list",
            Self::Refusal => "a refusal under load",
        })
    }
}

/// The furthest that a sequence number is from the one of a solo run.
const FURTHEST: u64 = 10_000;

/// What refusals say, in lower case.
const REFUSALS: [&str; 19] = [
    "busy",
    "limit",
    "too many",
    "429",
    "503",
    "overload",
    "unavailable",
    "capacity",
    "try again",
    "retry",
    "later",
    "throttl",
    "quota",
    "exhausted",
    "no permit",
    "queue full",
    "queue is full",
    "full",
    "in use",
];

/// What the difference between two observations looks like, where the first is of a solo run and the value at `pointer`
/// differs.
pub(super) fn of(alone: Option<&Observation>, here: Option<&Observation>, pointer: &str) -> Option<Likeness> {
    match (alone, here) {
        (alone, Some(here))
            if is_refusal(here.text()) && alone.is_none_or(|alone| !is_refusal(alone.text())) =>
        {
            (here.surface() == Surface::Error || alone.is_none() || pointer.is_empty())
                .then_some(Likeness::Refusal)
                .or_else(|| between(alone?, here, pointer))
        }
        (Some(alone), Some(here)) => between(alone, here, pointer),
        _ => None,
    }
}

/// Whether a text says that a call was turned away under load.
pub(super) fn is_refusal(text: &str) -> bool {
    let text = text.to_lowercase();
    REFUSALS.iter().any(|refusal| text.contains(refusal))
}

fn between(alone: &Observation, here: &Observation, pointer: &str) -> Option<Likeness> {
    let (alone, here) = (alone.value(), here.value());
    match (alone.pointer(pointer)?, here.pointer(pointer)?) {
        (Value::Number(alone), Value::Number(here)) => {
            is_later(alone.as_u64()?, here.as_u64()?).then_some(Likeness::SequenceNumber)
        }
        (Value::String(alone), Value::String(here)) => {
            differs_in_a_number(alone, here).then_some(Likeness::SequenceNumber)
        }
        (Value::Array(alone), Value::Array(here)) => {
            let holds_all = alone.iter().all(|element| here.contains(element));
            holds_all.then_some(Likeness::SharedList)
        }
        _ => None,
    }
}

fn is_later(alone: u64, here: u64) -> bool {
    here > alone && here - alone <= FURTHEST
}

/// Whether two texts are the same but for one number, which is the larger in the second.
fn differs_in_a_number(alone: &str, here: &str) -> bool {
    let common = alone
        .bytes()
        .zip(here.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    let begin = alone.as_bytes()[..common]
        .iter()
        .rposition(|byte| !byte.is_ascii_digit())
        .map_or(0, |last| last + 1);
    let number = |text: &str| -> Option<(u64, usize)> {
        let digits = text.as_bytes()[begin..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let number = text.get(begin..begin + digits)?.parse().ok()?;
        Some((number, begin + digits))
    };
    match (number(alone), number(here)) {
        (Some((one, end_of_one)), Some((other, end_of_other))) => {
            is_later(one, other) && alone.as_bytes()[end_of_one..] == here.as_bytes()[end_of_other..]
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::{Likeness, of};
    use crate::trace::{Observation, Surface};

    fn likeness(alone: &Value, here: &Value, pointer: &str) -> Option<Likeness> {
        let seen = |value: &Value| Observation::new(0, Surface::Reply, value.to_string(), 1);
        of(Some(&seen(alone)), Some(&seen(here)), pointer)
    }

    #[rstest]
    #[case(json!(1), json!(2), "", Some(Likeness::SequenceNumber))]
    #[case(json!({"id": 7}), json!({"id": 9}), "/id", Some(Likeness::SequenceNumber))]
    #[case(json!("order-9 of ada"), json!("order-10 of ada"), "", Some(Likeness::SequenceNumber))]
    #[case(json!("order-19"), json!("order-11"), "", None)]
    #[case(json!("order-1 of ada"), json!("order-2 of ben"), "", None)]
    #[case(json!(100), json!(0), "", None)]
    #[case(json!(["a"]), json!(["b", "a"]), "", Some(Likeness::SharedList))]
    #[case(json!(["a"]), json!(["b"]), "", None)]
    #[case(json!("charged"), json!("busy, come back later"), "", Some(Likeness::Refusal))]
    #[case(json!("charged"), json!("lost"), "", None)]
    fn a_difference_looks_like_what_it_may_be(
        #[case] alone: Value,
        #[case] here: Value,
        #[case] pointer: &str,
        #[case] expected: Option<Likeness>,
    ) {
        assert_eq!(likeness(&alone, &here, pointer), expected);
    }
}
