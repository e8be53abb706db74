use std::ops::Range;

use super::rows::is_same;
use crate::oracle::Violation;
use crate::trace::Observation;

/// An observation, and where in its text a secret or an id shows.
#[derive(Debug)]
pub(super) struct Shown<'v> {
    pub(super) observation: &'v Observation,
    /// In bytes, ascending.
    pub(super) ranges: Vec<Range<usize>>,
}

/// The observations that show what a violation is about, in the order of time.
pub(super) fn shown_by(violation: &Violation) -> Vec<Shown<'_>> {
    let mut all: Vec<Shown<'_>> = Vec::new();
    for (observation, range) in violation.spans() {
        // A range that does not come behind the last one is in another observation, which says the same.
        let same = all.last_mut().filter(|shown| {
            is_same(shown.observation, observation)
                && shown.ranges.last().is_some_and(|last| last.end <= range.start)
        });
        match same {
            Some(shown) => shown.ranges.push(range),
            None => all.push(Shown {
                observation,
                ranges: vec![range],
            }),
        }
    }
    all
}
