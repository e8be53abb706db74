use super::{Observation, Surface};
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

    /// What could not be recorded, and why. A trace with defects is no evidence of anything.
    pub(crate) fn defects(&self) -> &[String] {
        &self.defects
    }

    /// A stable hash of what every user saw on every surface, in order. The order between users or surfaces does
    /// not count, nor do step numbers.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut lanes: Vec<(usize, Surface, Digest)> = Vec::new();
        for observation in &self.observations {
            let (viewer, surface) = (observation.viewer(), observation.surface());
            let lane = lanes
                .iter_mut()
                .find(|lane| (lane.0, lane.1) == (viewer, surface));
            match lane {
                Some(lane) => lane.2 = lane.2.word(observation.digest()),
                None => lanes.push((viewer, surface, Digest::new().word(observation.digest()))),
            }
        }
        lanes.sort_unstable_by_key(|lane| (lane.0, lane.1));
        let seen = lanes
            .into_iter()
            .fold(Digest::new(), |digest, (viewer, surface, lane)| {
                digest
                    .word(viewer as u64)
                    .word(surface as u64)
                    .word(lane.finish())
            });
        self.defects
            .iter()
            .fold(seen, |digest, defect| digest.bytes(defect.as_bytes()))
            .finish()
    }
}
