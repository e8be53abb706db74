use super::{Observation, Surface};
use crate::digest::Digest;

/// What one user saw on one surface, in order.
#[derive(Clone, Debug)]
pub(crate) struct Stream<'a> {
    viewer: usize,
    surface: Surface,
    observations: Vec<&'a Observation>,
}

impl<'a> Stream<'a> {
    /// The lanes of some observations, by viewer and surface.
    pub(super) fn sort(observations: impl Iterator<Item = &'a Observation>) -> Vec<Self> {
        let place = |observation: &Observation| (observation.viewer(), observation.surface());
        let mut observations: Vec<_> = observations.collect();
        // Stable: each lane keeps its order.
        observations.sort_by_key(|observation| place(observation));
        observations
            .chunk_by(|one, next| place(one) == place(next))
            .map(|stream| Self {
                viewer: stream[0].viewer(),
                surface: stream[0].surface(),
                observations: stream.to_vec(),
            })
            .collect()
    }

    pub(crate) fn viewer(&self) -> usize {
        self.viewer
    }

    pub(crate) fn surface(&self) -> Surface {
        self.surface
    }

    /// At least one.
    pub(crate) fn observations(&self) -> &[&'a Observation] {
        &self.observations
    }

    /// A stable hash of who saw what where. Step numbers do not count.
    pub(crate) fn digest(&self) -> u64 {
        self.digest_of(Observation::digest)
    }

    /// The same without what differs by its nature.
    pub(super) fn fingerprint(&self) -> u64 {
        self.digest_of(Observation::fingerprint)
    }

    fn digest_of(&self, of: impl Fn(&Observation) -> u64) -> u64 {
        let stream = Digest::new().word(self.viewer as u64).word(self.surface as u64);
        self.observations
            .iter()
            .fold(stream, |digest, observation| digest.word(of(observation)))
            .finish()
    }
}
