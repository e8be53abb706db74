use super::{Lane, Observation};
use crate::digest::Digest;

/// All observations of an execution, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace {
    observations: Vec<Observation>,
    defects: Vec<String>,
}

impl Trace {
    pub(crate) fn new(observations: Vec<Observation>, defects: Vec<String>) -> Self {
        Self {
            observations,
            defects,
        }
    }

    pub(crate) fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// What one user saw, in order.
    pub(crate) fn of(&self, viewer: usize) -> impl Iterator<Item = &Observation> {
        self.observations
            .iter()
            .filter(move |observation| observation.viewer() == viewer)
    }

    /// What every user saw on every surface, of the observations that `covered` takes; by user, then by surface.
    pub(crate) fn lanes(&self, covered: impl Fn(&Observation) -> bool) -> Vec<Lane<'_>> {
        Lane::sort(
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
    /// count, nor do step numbers.
    pub(crate) fn fingerprint(&self) -> u64 {
        let lanes = self.lanes(|_| true);
        let seen = lanes
            .iter()
            .fold(Digest::new(), |digest, lane| digest.word(lane.digest()));
        self.defects
            .iter()
            .fold(seen, |digest, defect| digest.bytes(defect.as_bytes()))
            .finish()
    }
}
