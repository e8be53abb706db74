use std::sync::Arc;

use super::target::Target;
use crate::interleave::Schedule;

/// How many schedules that passed are run again: what shows in every second run is missed once in 256 times.
pub(crate) const SAMPLES: usize = 8;

/// A schedule that passed.
pub(crate) struct Sample {
    pub(crate) target: Arc<dyn Target>,
    pub(crate) schedule: Schedule,
    /// What its users saw.
    pub(crate) fingerprint: u64,
}
