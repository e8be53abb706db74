//! What a user does not see twice, alone: it is left out of the comparison, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::trace::Surface;

/// The parts of one user's observations that differed between solo runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Noise {
    /// By surface and the observation's place there, then by JSON pointer.
    masks: BTreeMap<(Surface, usize), BTreeMap<String, Mask>>,
    /// Surfaces on which the number of observations differed.
    lengths: BTreeSet<Surface>,
    /// Whether the script ended in different ways.
    pub(super) ending: bool,
}

/// How much of a value is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Mask {
    Whole,
    /// Of a string, the words of these numbers.
    Words(BTreeSet<usize>),
}

/// A part of a user's observations that is not compared with its solo run, for it differs between solo runs too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    pub(crate) user: usize,
    pub(crate) surface: Option<Surface>,
    /// Which observation on the surface, from 1; `None` for all of them.
    pub(crate) observation: Option<usize>,
    pub(crate) pointer: String,
}

impl LeftOut {
    /// The index of the user, from 0.
    #[must_use]
    pub fn user_index(&self) -> usize {
        self.user
    }

    /// On which surface; `None` where it is how the user's script ended.
    #[must_use]
    pub fn surface(&self) -> Option<Surface> {
        self.surface
    }

    /// Which of the user's observations on that surface, from 1; `None` where their number differs, and none is compared.
    #[must_use]
    pub fn observation(&self) -> Option<usize> {
        self.observation
    }

    /// The JSON pointer (RFC 6901) of the value within the observation; empty for the whole.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }
}

impl Noise {
    /// Takes in what differs between two interned observations of solo runs, at one place of a surface. True where something
    /// is new.
    pub(super) fn learn(&mut self, surface: Surface, place: usize, one: &Value, other: &Value) -> bool {
        if one == other {
            return false;
        }
        let masks = self.masks.entry((surface, place)).or_default();
        let before = masks.clone();
        learn(masks, &mut String::new(), one, other);
        *masks != before
    }

    /// Leaves a surface out as a whole. True where that is new.
    pub(super) fn leave_out(&mut self, surface: Surface) -> bool {
        self.lengths.insert(surface)
    }

    pub(super) fn leaves_out(&self, surface: Surface) -> bool {
        self.lengths.contains(&surface)
    }

    /// Whether nothing that users see is left out.
    pub(super) fn is_empty(&self) -> bool {
        self.masks.is_empty() && self.lengths.is_empty()
    }

    /// Puts nothing in the place of what is left out of an interned observation.
    pub(super) fn take_out(&self, surface: Surface, place: usize, value: &mut Value) {
        for (pointer, mask) in self.masks.get(&(surface, place)).into_iter().flatten() {
            let Some(part) = value.pointer_mut(pointer) else {
                continue;
            };
            match (mask, &mut *part) {
                (Mask::Words(left_out), Value::String(text)) => {
                    let words = words(text).into_iter().enumerate();
                    let kept = words.filter(|(word, _)| !left_out.contains(word));
                    *text = kept.map(|(_, word)| word).collect();
                }
                _ => *part = Value::Null,
            }
        }
    }

    /// The JSON pointer of the first difference between two interned observations that is none of those left out.
    pub(super) fn difference(
        &self,
        surface: Surface,
        place: usize,
        one: &Value,
        other: &Value,
        may_differ: &dyn Fn(&str) -> bool,
    ) -> Option<String> {
        if one == other {
            return None;
        }
        let masks = self.masks.get(&(surface, place));
        let mask = |pointer: &str| {
            if may_differ(pointer) {
                return Some(&Mask::Whole);
            }
            masks.and_then(|masks| masks.get(pointer))
        };
        difference(&mask, &mut String::new(), one, other)
    }

    /// Everything that is left out, for the user of this index.
    pub(super) fn all(&self, user: usize) -> Vec<LeftOut> {
        let values = self.masks.iter().flat_map(|(&(surface, place), masks)| {
            masks.keys().map(move |pointer| LeftOut {
                user,
                surface: Some(surface),
                observation: Some(place + 1),
                pointer: pointer.clone(),
            })
        });
        let surfaces = self.lengths.iter().map(|&surface| LeftOut {
            user,
            surface: Some(surface),
            observation: None,
            pointer: String::new(),
        });
        let ending = self.ending.then(|| LeftOut {
            user,
            surface: None,
            observation: None,
            pointer: String::new(),
        });
        values.chain(surfaces).chain(ending).collect()
    }
}

fn learn(masks: &mut BTreeMap<String, Mask>, pointer: &mut String, one: &Value, other: &Value) {
    if one == other || masks.get(pointer.as_str()) == Some(&Mask::Whole) {
        return;
    }
    match (one, other) {
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            for (key, value) in one {
                within(pointer, key, |pointer| learn(masks, pointer, value, &other[key]));
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                within(pointer, &index.to_string(), |pointer| {
                    learn(masks, pointer, one, other);
                });
            }
        }
        (Value::String(one), Value::String(other)) => {
            let (one, other) = (words(one), words(other));
            let mask = masks
                .entry(pointer.clone())
                .or_insert_with(|| Mask::Words(BTreeSet::new()));
            match mask {
                Mask::Words(known) if one.len() == other.len() && one.len() > 1 => {
                    known.extend((0..one.len()).filter(|&word| one[word] != other[word]));
                }
                mask => *mask = Mask::Whole,
            }
        }
        _ => {
            masks.insert(pointer.clone(), Mask::Whole);
        }
    }
}

fn difference<'m>(
    mask: &dyn Fn(&str) -> Option<&'m Mask>,
    pointer: &mut String,
    one: &Value,
    other: &Value,
) -> Option<String> {
    if one == other {
        return None;
    }
    let known = mask(pointer);
    match (known, one, other) {
        (Some(Mask::Whole), _, _) => None,
        (Some(Mask::Words(left_out)), Value::String(one), Value::String(other)) => {
            let (one, other) = (words(one), words(other));
            let same = one.len() == other.len()
                && (0..one.len()).all(|word| left_out.contains(&word) || one[word] == other[word]);
            (!same).then(|| pointer.clone())
        }
        (_, Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            one.iter().find_map(|(key, value)| {
                within(pointer, key, |pointer| {
                    difference(mask, pointer, value, &other[key])
                })
            })
        }
        (_, Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut both = one.iter().zip(other).enumerate();
            both.find_map(|(index, (one, other))| {
                within(pointer, &index.to_string(), |pointer| {
                    difference(mask, pointer, one, other)
                })
            })
        }
        _ => Some(pointer.clone()),
    }
}

fn within<R>(pointer: &mut String, key: &str, f: impl FnOnce(&mut String) -> R) -> R {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
    let result = f(pointer);
    pointer.truncate(length);
    result
}

/// The letters and digits of a text in runs, and what stands between them. A number is one word with its fraction or without:
/// what took `980us` alone takes `1.5ms` beside others.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut begun = 0;
    let mut last = None;
    let mut was_digit = false;
    for (at, character) in text.char_indices() {
        let is_point = || {
            was_digit && character == '.' && text[at + 1..].starts_with(|after: char| after.is_ascii_digit())
        };
        let is_word = character.is_alphanumeric() || is_point();
        was_digit = character.is_ascii_digit();
        if last.is_some_and(|last| last != is_word) {
            words.push(&text[begun..at]);
            begun = at;
        }
        last = Some(is_word);
    }
    words.push(&text[begun..]);
    words
}

/// Whether a JSON pointer is one that a pattern names, in which `*` stands for any one key or index. What is within a value
/// that is named is named too.
pub(super) fn is_named(pattern: &str, pointer: &str) -> bool {
    let mut pointer = pointer.split('/');
    pattern
        .split('/')
        .all(|named| pointer.next().is_some_and(|part| named == "*" || named == part))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::{Noise, is_named};
    use crate::trace::Surface::Reply;

    /// The difference of `here` from `alone` after two solo runs.
    fn difference(alone: &Value, again: &Value, here: &Value) -> Option<String> {
        let mut noise = Noise::default();
        noise.learn(Reply, 0, alone, again);
        noise.difference(Reply, 0, alone, here, &|_| false)
    }

    #[rstest]
    #[case::a_field(json!({"t": 1, "x": 1}), json!({"t": 2, "x": 1}), json!({"t": 9, "x": 1}), None)]
    #[case::beside_it(json!({"t": 1, "x": 1}), json!({"t": 2, "x": 1}), json!({"t": 9, "x": 2}), Some("/x"))]
    #[case::an_element(json!([1, "a"]), json!([2, "a"]), json!([3, "b"]), Some("/1"))]
    #[case::a_word(json!("in 12us, a"), json!("in 7us, a"), json!("in 9us, a"), None)]
    #[case::another_word(json!("in 12us, a"), json!("in 7us, a"), json!("in 9us, b"), Some(""))]
    #[case::a_fraction(json!("in 12us, a"), json!("in 7us, a"), json!("in 1.5ms, a"), None)]
    #[case::beside_a_fraction(json!("in 12us, a"), json!("in 7us, a"), json!("in 1.5ms, b"), Some(""))]
    #[case::an_end_of_a_sentence(json!("in 12. At 7"), json!("in 9. At 7"), json!("in 1.5. At 7"), None)]
    #[case::words_of_another_number(json!("1ms"), json!("1.5ms"), json!("b c d"), None)]
    #[case::a_token(json!("f00"), json!("ba4"), json!("c0ffee c0ffee"), None)]
    #[case::random_keys(json!({"m": {"a1": 1}}), json!({"m": {"b2": 1}}), json!({"m": {"c3": 1}}), None)]
    #[case::a_key_more(json!({"t": 1}), json!({"t": 2}), json!({"t": 3, "x": 1}), Some(""))]
    #[case::a_longer_list(json!([1, 2]), json!([1, 3]), json!([1, 4, 5]), Some(""))]
    #[case::another_type(json!({"t": 1}), json!({"t": null}), json!({"t": [1]}), None)]
    #[case::a_key_with_a_slash(json!({"a/b": 1}), json!({"a/b": 1}), json!({"a/b": 2}), Some("/a~1b"))]
    fn only_what_differs_alone_is_left_out(
        #[case] alone: Value,
        #[case] again: Value,
        #[case] here: Value,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(difference(&alone, &again, &here).as_deref(), expected);
    }

    #[test]
    fn what_was_learnt_adds_up() {
        let mut noise = Noise::default();
        let seen = [
            json!({"a": 1, "b": 1}),
            json!({"a": 2, "b": 1}),
            json!({"a": 1, "b": 2}),
        ];
        assert!(noise.learn(Reply, 3, &seen[0], &seen[1]));
        assert!(noise.learn(Reply, 3, &seen[0], &seen[2]));
        assert!(!noise.learn(Reply, 3, &seen[0], &json!({"a": 7, "b": 7})));
        let pointers: Vec<_> = noise.all(1).into_iter().map(|left| left.pointer).collect();
        assert_eq!(pointers, ["/a", "/b"]);
        assert_eq!(
            noise
                .difference(Reply, 2, &seen[0], &seen[1], &|_| false)
                .as_deref(),
            Some("/a")
        );
    }

    #[test]
    fn what_is_left_out_is_taken_out_and_nothing_else() {
        let mut noise = Noise::default();
        let (one, other) = (
            json!({"t": 1, "x": [1, "a"], "took": "in 12us, a"}),
            json!({"t": 2, "x": [1, "a"], "took": "in 7us, a"}),
        );
        assert!(noise.is_empty());
        noise.learn(Reply, 1, &one, &other);
        let taken = |place, value: &Value| {
            let mut value = value.clone();
            noise.take_out(Reply, place, &mut value);
            value
        };
        assert_eq!(taken(1, &one), taken(1, &other));
        assert_eq!(
            taken(1, &one),
            json!({"t": null, "x": [1, "a"], "took": "in , a"})
        );
        assert_ne!(
            taken(1, &one),
            taken(1, &json!({"t": 1, "x": [1, "b"], "took": "in 12us, a"}))
        );
        assert_eq!(taken(0, &one), one, "the noise is another observation's");
        assert_eq!(taken(1, &json!("short")), json!("short"));
    }

    #[rstest]
    #[case("/id", "/id", true)]
    #[case("/items/*/id", "/items/7/id", true)]
    #[case("/items", "/items/7/id", true)]
    #[case("", "", true)]
    #[case("", "/id", true)]
    #[case("/id", "/idea", false)]
    #[case("/items/*/id", "/items/7", false)]
    fn a_pattern_names_values(#[case] pattern: &str, #[case] pointer: &str, #[case] named: bool) {
        assert_eq!(is_named(pattern, pointer), named);
    }
}
