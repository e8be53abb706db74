use serde::Serialize;

use super::Guarded;

/// Counts what has happened, each thing after it has. It knows numbers only, nothing of who the users are.
#[derive(Debug, Default)]
pub struct Metrics(Guarded<MetricsSnapshot>);

impl Metrics {
    /// The counts as they stand.
    #[must_use]
    pub fn snapshot(&self) -> MetricsSnapshot {
        self.0.with(|counts| *counts)
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut MetricsSnapshot)) {
        self.0.with(change);
    }

    /// A run begins: it counts as cancelled, unless it is said to have ended.
    pub(super) fn run_begun(&self) -> RunTally<'_> {
        RunTally {
            metrics: self,
            ended: false,
        }
    }
}

/// What a factory has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MetricsSnapshot {
    /// Engines that were created.
    pub engines_created: u64,
    /// Engines that were asked for and refused.
    pub engines_refused: u64,
    /// Engines that were closed; those that were only dropped are not among them.
    pub engines_closed: u64,
    /// Runs that gave an answer.
    pub runs_answered: u64,
    /// Runs that ended with an error.
    pub runs_failed: u64,
    /// Runs that were dropped before they ended.
    pub runs_cancelled: u64,
    /// Events that a sink took.
    pub events_delivered: u64,
    /// Events that no sink took.
    pub deliveries_failed: u64,
}

#[derive(Debug)]
pub(super) struct RunTally<'a> {
    metrics: &'a Metrics,
    ended: bool,
}

impl RunTally<'_> {
    pub(super) fn ended<T, E>(mut self, result: &Result<T, E>) {
        self.ended = true;
        self.metrics.count(|counts| match result {
            Ok(_) => counts.runs_answered += 1,
            Err(_) => counts.runs_failed += 1,
        });
    }
}

impl Drop for RunTally<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.metrics.count(|counts| counts.runs_cancelled += 1);
        }
    }
}
