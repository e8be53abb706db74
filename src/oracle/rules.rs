use std::fmt;
use std::sync::Arc;

use crate::trace::{Observation, SurfaceSet};

/// Says that an observation is shared on purpose.
pub(crate) type Allow = Arc<dyn Fn(&Observation) -> bool + Send + Sync>;

/// What counts as a violation in one check.
#[derive(Clone)]
pub(crate) struct Rules {
    /// The surfaces that are judged.
    pub(crate) surfaces: SurfaceSet,
    /// What is shared on purpose. No oracle sees an observation that one of these allows, and it is no evidence that a
    /// user saw a secret of its own either: what is never searched cannot show that the search works.
    pub(crate) allow: Vec<Allow>,
    /// Whether a user must see the same with others present as alone.
    pub(crate) compare_alone: bool,
}

impl Rules {
    /// True for an observation that the oracles have to look at.
    pub(super) fn cover(&self, observation: &Observation) -> bool {
        self.surfaces.contains(observation.surface()) && !self.allow.iter().any(|allow| allow(observation))
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            surfaces: SurfaceSet::all(),
            allow: Vec::new(),
            compare_alone: true,
        }
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules")
            .field("surfaces", &self.surfaces)
            .field("allow", &self.allow.len())
            .field("compare_alone", &self.compare_alone)
            .finish()
    }
}
