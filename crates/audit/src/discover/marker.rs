//! Which version words tell two candidates apart.

use super::candidates::Candidate;
use super::words::{Age, Versioned, is_older, versioned};

/// Which version words tell two apart.
pub(super) struct Marked {
    pub(super) words: Vec<String>,
    pub(super) numbers_on_both: bool,
    pub(super) first_is_older: Option<bool>,
}

/// The version words that tell two apart; none where the paths differ in more than these and one component.
pub(super) fn marker(one: &Candidate, other: &Candidate) -> Option<Marked> {
    let by_module = |candidate: &Candidate| candidate.module_marker.clone();
    let own = one.versioned.marker != other.versioned.marker;
    let (first, second) = if own {
        (Some(one.versioned.clone()), Some(other.versioned.clone()))
    } else {
        (by_module(one), by_module(other))
    };
    let blank = || versioned("", false);
    let (first, second) = (first.unwrap_or_else(blank), second.unwrap_or_else(blank));
    let words: Vec<String> = [&first, &second]
        .iter()
        .filter_map(|versioned| versioned.marker.as_ref())
        .map(|(word, _)| format!("\"{word}\""))
        .collect();
    if first.marker == second.marker {
        return Some(Marked {
            words: Vec::new(),
            numbers_on_both: false,
            first_is_older: None,
        });
    }
    // Sizes, not versions: `Uimm5` and `Uimm6`.
    let bare = |versioned: &Versioned| matches!(&versioned.marker, Some((word, Age::Number(_))) if !word.starts_with('v'));
    if bare(&first) && bare(&second) {
        return None;
    }
    // Equal once version words are left out, give or take one component.
    let (here, there) = (plain(&one.path), plain(&other.path));
    if distance(&here, &there) > 1 {
        return None;
    }
    // A version of a module is one only beside that module, or below what the other one is in: `fork2::x` is none of `y::x`.
    let beside = |marked: &Versioned, path: &[String]| {
        marked.marker.is_none() || marked.base.is_empty() || path.contains(&marked.base)
    };
    let added = missing(&here, &there) == 0 || missing(&there, &here) == 0;
    if !(own || added || beside(&first, &there) && beside(&second, &here)) {
        return None;
    }
    let is_number = |marker: &Versioned| matches!(marker.marker, Some((_, Age::Number(_))));
    Some(Marked {
        numbers_on_both: is_number(&first) && is_number(&second),
        first_is_older: is_older(&first, &second),
        words,
    })
}

/// The components of a path without version words.
fn plain(path: &str) -> Vec<String> {
    path.split("::")
        .map(|name| versioned(name, true).base)
        .filter(|base| !base.is_empty())
        .collect()
}

/// How many components one path has that the other does not.
fn distance(one: &[String], other: &[String]) -> usize {
    missing(one, other).max(missing(other, one))
}

/// How many components of one path the other does not have.
fn missing(from: &[String], of: &[String]) -> usize {
    from.iter().filter(|part| !of.contains(part)).count()
}
