use serde::Serialize;

use crate::trace::Observation;

#[derive(Serialize)]
pub(super) struct Seen<'o> {
    user: usize,
    surface: &'static str,
    step: u32,
    /// JSON, as it was seen.
    text: &'o str,
}

impl<'o> Seen<'o> {
    pub(super) fn of(observation: &'o Observation) -> Self {
        Self {
            user: observation.viewer(),
            surface: observation.surface().as_str(),
            step: observation.step(),
            text: observation.text(),
        }
    }
}
