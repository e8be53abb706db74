use std::fmt;
use std::sync::Arc;

use super::Oracle;
use super::noise::is_named;
use crate::trace::{Observation, Surface, SurfaceSet};

/// Says of an observation that it may differ from what its user sees alone.
pub(crate) type MayDiffer = Arc<dyn Fn(&Observation) -> bool + Send + Sync>;

/// Says of an observation that it shows data of the user of this index on purpose.
pub(crate) type IsShared = Arc<dyn Fn(&Observation, usize) -> bool + Send + Sync>;

/// What counts as a violation in one check.
#[derive(Clone)]
pub(crate) struct Rules {
    /// The surfaces that are judged.
    pub(crate) surfaces: SurfaceSet,
    /// Observations that are not compared with the solo run. Every other oracle looks at them.
    pub(crate) may_differ: Vec<MayDiffer>,
    /// Values that are not compared with the solo run, by surface and JSON pointer.
    pub(crate) values: Vec<(Surface, String)>,
    /// Whose data is shown to others on purpose. It is no evidence that a user saw a secret of its own either: what is never
    /// searched cannot show that the search works.
    pub(crate) shared: Vec<IsShared>,
    /// Whether a user must see the same with others present as alone.
    pub(crate) compare_alone: bool,
    /// Whether no user is ever alone.
    pub(crate) together: bool,
    /// Whether not even a user's own secret may be logged.
    pub(crate) secretless_logs: bool,
    /// Those of the test itself.
    pub(crate) oracles: Vec<Arc<dyn Oracle>>,
}

impl Rules {
    /// True for an observation that the oracles have to look at.
    pub(super) fn cover(&self, observation: &Observation) -> bool {
        self.surfaces.contains(observation.surface())
    }

    /// True for an observation that may differ from the solo run, or be there in place of others.
    pub(super) fn may_differ(&self, observation: &Observation) -> bool {
        self.may_differ.iter().any(|may_differ| may_differ(observation))
    }

    /// True for a value on a surface that may differ from the solo run.
    pub(super) fn may_value_differ(&self, surface: Surface, pointer: &str) -> bool {
        let mut values = self.values.iter();
        values.any(|(of, pattern)| *of == surface && is_named(pattern, pointer))
    }

    /// True where the observation may show what is `owner`'s.
    pub(super) fn is_shared(&self, observation: &Observation, owner: usize) -> bool {
        self.shared.iter().any(|is_shared| is_shared(observation, owner))
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            surfaces: SurfaceSet::all(),
            may_differ: Vec::new(),
            values: Vec::new(),
            shared: Vec::new(),
            compare_alone: true,
            together: false,
            secretless_logs: false,
            oracles: Vec::new(),
        }
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules")
            .field("surfaces", &self.surfaces)
            .field("may_differ", &self.may_differ.len())
            .field("values", &self.values)
            .field("shared", &self.shared.len())
            .field("compare_alone", &self.compare_alone)
            .field("together", &self.together)
            .field("secretless_logs", &self.secretless_logs)
            .field(
                "oracles",
                &self
                    .oracles
                    .iter()
                    .map(|oracle| oracle.name())
                    .collect::<Vec<_>>(),
            )
            .finish()
    }
}
