use serde::Serialize;

use crate::MetricsSnapshot;

/// What an engine has done since it was created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EngineStatistics {
    /// Runs, tools and pipelines that finished with an answer.
    pub answered: u64,
    /// Runs, tools and pipelines that finished with an error.
    pub failed: u64,
    /// Runs, tools and pipelines that were dropped before they finished.
    pub cancelled: u64,
}

impl From<MetricsSnapshot> for EngineStatistics {
    fn from(counts: MetricsSnapshot) -> Self {
        Self {
            answered: counts.runs_answered,
            failed: counts.runs_failed,
            cancelled: counts.runs_cancelled,
        }
    }
}
