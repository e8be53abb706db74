use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Known, Observation, Redactor, Stream};
use crate::digest::Digest;

/// All observations of an execution or a test, in order.
///
/// ```
/// use ssot_harness::prelude::*;
/// use ssot_harness::trace::Trace;
///
/// /// What a user was answered, as JSON.
/// fn answers<'a>(trace: &'a Trace, user: &User) -> Vec<&'a str> {
///     trace.of(user).filter(|seen| seen.surface() == Surface::Reply).map(Observation::text).collect()
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Trace {
    observations: Vec<Observation>,
    defects: Vec<String>,
    /// The ids and secrets of the users, where they are known.
    known: Known,
    /// What changes from run to run beside those: JSON pointers into values, and the names that take the place.
    redactions: Vec<(String, String)>,
    #[cfg(feature = "conformance")]
    facts: Vec<super::Fact>,
}

impl Trace {
    pub(crate) fn new(observations: Vec<Observation>, defects: Vec<String>) -> Self {
        Self {
            observations,
            defects,
            ..Self::default()
        }
    }

    pub(crate) fn with_known(mut self, known: Known) -> Self {
        self.known = known;
        self
    }

    #[cfg(feature = "conformance")]
    pub(super) fn with_facts(mut self, facts: Vec<super::Fact>) -> Self {
        self.facts = facts;
        self
    }

    /// What scripts told beside it, in order.
    #[cfg(feature = "conformance")]
    pub(crate) fn facts(&self) -> &[super::Fact] {
        &self.facts
    }

    /// What takes out of its values what changes from run to run.
    pub(crate) fn redactor(&self) -> Redactor<'_> {
        Redactor::new(&self.known, &self.redactions)
    }

    /// Gives what stands at this JSON pointer, in every value that has it, the name `name` in snapshots and in [`redacted`](Self::redacted).
    #[must_use]
    pub fn redact(mut self, pointer: impl Into<String>, name: impl Into<String>) -> Self {
        self.redactions.push((pointer.into(), name.into()));
        self
    }

    /// All observations as JSON, without what changes from run to run: a list of objects with `user`, `surface` and `value`.
    ///
    /// Ids become `[run:1]`, `[order:2]`: the kind, and the how manyth of its kind in the order of appearance; the same id keeps its name. The kind is that of the
    /// user's id, else the name of the field without `_id`. Secrets of users become `[secret:ada/card]`, times `[t+2]` (whole seconds since the first time), numbers of a
    /// sequence `[n+3]` (since the first), other UUIDs `[id:1]`.
    #[must_use]
    pub fn redacted(&self) -> Value {
        let mut redactor = self.redactor();
        let redacted = self.observations.iter().map(|seen| redactor.observation(seen));
        redacted.collect()
    }

    /// Who saw what, in the order in which it was seen.
    #[must_use]
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// What every user saw on every surface, of the observations that `covered` takes; by user, then by surface.
    pub(crate) fn streams(&self, covered: impl Fn(&Observation) -> bool) -> Vec<Stream<'_>> {
        Stream::sort(
            self.observations
                .iter()
                .filter(|&observation| covered(observation)),
        )
    }

    /// What could not be recorded, and why. A trace with defects is no evidence of anything.
    pub(crate) fn defects(&self) -> &[String] {
        &self.defects
    }

    /// A stable hash of what every user saw on every surface, in order. The order between users or surfaces does not
    /// count, nor do step numbers, nor what differs by its nature.
    pub(crate) fn fingerprint(&self) -> u64 {
        let streams = self.streams(|_| true);
        let seen = streams
            .iter()
            .fold(Digest::new(), |digest, stream| digest.word(stream.fingerprint()));
        self.defects
            .iter()
            .fold(seen, |digest, defect| digest.bytes(defect.as_bytes()))
            .finish()
    }
}

/// All observations, in order.
impl Serialize for Trace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.observations)
    }
}

#[cfg(test)]
mod tests {
    use super::Trace;
    use crate::trace::{Observation, Surface};

    fn fingerprint(seen: &[(usize, Surface, &str)]) -> u64 {
        let steps = 1..;
        let observations = seen
            .iter()
            .zip(steps)
            .map(|(&(viewer, surface, text), step)| Observation::new(viewer, surface, text, step));
        Trace::new(observations.collect(), Vec::new()).fingerprint()
    }

    const A: (usize, Surface, &str) = (0, Surface::Reply, "1");
    const B: (usize, Surface, &str) = (0, Surface::Reply, "2");
    const OF_BEN: (usize, Surface, &str) = (1, Surface::Reply, "1");
    const ELSEWHERE: (usize, Surface, &str) = (0, Surface::Event, "1");

    #[test]
    fn the_order_between_users_and_surfaces_does_not_count() {
        let one = fingerprint(&[A, B, OF_BEN, ELSEWHERE]);
        assert_eq!(one, fingerprint(&[ELSEWHERE, OF_BEN, A, B]));
        assert_eq!(one, fingerprint(&[A, OF_BEN, ELSEWHERE, B]));
    }

    #[test]
    fn what_a_user_saw_where_and_in_which_order_counts() {
        let seen: [&[_]; 7] = [&[], &[A], &[B], &[OF_BEN], &[ELSEWHERE], &[A, B], &[B, A]];
        for (index, one) in seen.iter().enumerate() {
            for other in &seen[index + 1..] {
                assert_ne!(fingerprint(one), fingerprint(other), "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn a_defect_counts() {
        let trace = Trace::new(Vec::new(), vec![String::from("not JSON")]);
        assert_ne!(trace.fingerprint(), fingerprint(&[]));
    }
}
