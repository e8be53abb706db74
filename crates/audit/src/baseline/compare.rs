//! What is new, what is known, what moved, what is gone.

use std::collections::HashMap;

use super::entry::{Entry, last};

/// How findings stand to a baseline. Numbers are those of the lists that were compared.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Compared {
    /// Of findings.
    pub(crate) new: Vec<usize>,
    /// Finding and entry.
    pub(crate) frozen: Vec<(usize, usize)>,
    /// Finding and entry, and by what they were matched.
    pub(crate) moved: Vec<(usize, usize, Pass)>,
    /// Of entries.
    pub(crate) gone: Vec<usize>,
}

/// By what a finding was matched with an entry that stands elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pass {
    /// What it is about has moved.
    Target,
    /// The item has the same tokens, but for names.
    Shape,
    /// The item has the same last two names.
    Names,
}

impl Pass {
    /// As a finding says it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Target => "the same item, and a target of the same name",
            Self::Shape => "an item of the same shape, and a target of the same name",
            Self::Names => "an item of the same last two names, and a target of the same name",
        }
    }
}

/// A match looser than these would let a new finding take the place of an old one unseen.
const PASSES: [Pass; 3] = [Pass::Target, Pass::Shape, Pass::Names];

/// Matches findings with entries: those that are the same first, then, pass by pass, those that moved.
pub(crate) fn compare(findings: &[Entry], known: &[Entry]) -> Compared {
    let mut compared = Compared::default();
    let key = |entry: &'_ Entry| (entry.rule, entry.place.clone(), entry.target.clone());
    let mut same: HashMap<_, usize> = known
        .iter()
        .zip(0..)
        .map(|(entry, number)| (key(entry), number))
        .collect();
    let mut left: Vec<usize> = Vec::new();
    for (number, finding) in findings.iter().enumerate() {
        match same.remove(&key(finding)) {
            Some(entry) => compared.frozen.push((number, entry)),
            None => left.push(number),
        }
    }
    let mut free: Vec<usize> = same.into_values().collect();
    free.sort_unstable();
    for pass in PASSES {
        let mut still = Vec::new();
        for number in left {
            let found = free
                .iter()
                .position(|entry| matches(pass, &findings[number], &known[*entry]));
            match found {
                Some(at) => compared.moved.push((number, free.remove(at), pass)),
                None => still.push(number),
            }
        }
        left = still;
    }
    compared.new = left;
    compared.gone = free;
    compared
}

fn matches(pass: Pass, finding: &Entry, entry: &Entry) -> bool {
    finding.rule == entry.rule
        && last(&finding.target, 1) == last(&entry.target, 1)
        && match pass {
            Pass::Target => finding.place == entry.place,
            Pass::Shape => finding.shape == entry.shape && finding.shape.bytes().any(|digit| digit != b'0'),
            Pass::Names => last(&finding.place, 2) == last(&entry.place, 2) && entry.place.contains("::"),
        }
}

#[cfg(test)]
mod tests {
    use super::{Compared, Pass, compare};
    use crate::baseline::entry::Entry;
    use crate::finding::Rule;

    fn entry(place: &str, target: &str, shape: &str) -> Entry {
        Entry {
            rule: Rule::Bypass,
            place: place.to_owned(),
            target: target.to_owned(),
            shape: shape.to_owned(),
            reason: String::new(),
        }
    }

    fn moved(finding: &Entry, known: &Entry) -> Option<Pass> {
        let compared = compare(std::slice::from_ref(finding), std::slice::from_ref(known));
        compared.moved.first().map(|(_, _, pass)| *pass)
    }

    #[test]
    fn what_is_the_same_is_frozen_whatever_its_shape() {
        let compared = compare(&[entry("a::f", "a::T", "1")], &[entry("a::f", "a::T", "2")]);
        let expected = Compared {
            frozen: vec![(0, 0)],
            ..Compared::default()
        };
        assert_eq!(compared, expected);
    }

    #[test]
    fn a_move_is_matched_by_target_then_shape_then_two_names() {
        let known = entry("a::m::f", "a::T", "1");
        assert_eq!(moved(&entry("a::m::f", "b::T", "9"), &known), Some(Pass::Target));
        assert_eq!(moved(&entry("c::x::y", "b::T", "1"), &known), Some(Pass::Shape));
        assert_eq!(moved(&entry("c::m::f", "a::T", "9"), &known), Some(Pass::Names));
    }

    #[test]
    fn one_name_in_common_is_no_move() {
        let known = entry("sinks::honeycomb::build", "util::Sink", "1");
        assert_eq!(
            moved(&entry("sinks::appsignal::build", "util::Sink", "2"), &known),
            None
        );
    }

    #[test]
    fn a_swap_is_one_new_and_one_gone() {
        let compared = compare(&[entry("a::n::g", "a::T", "2")], &[entry("a::m::f", "a::T", "1")]);
        assert_eq!((compared.new, compared.gone), (vec![0], vec![0]));
    }

    #[test]
    fn items_without_tokens_are_not_matched_by_shape() {
        assert_eq!(
            moved(&entry("a::m", "a::T", "0"), &entry("b::n", "a::T", "0")),
            None
        );
    }
}
