use serde::Serialize;

use super::Guarded;

/// Counts what has happened. It holds numbers only and no data of users.
#[derive(Debug, Default)]
pub struct Metrics(Guarded<MetricsSnapshot>);

impl Metrics {
    /// Returns the current counts.
    #[must_use]
    pub fn snapshot(&self) -> MetricsSnapshot {
        self.0.with(|counts| *counts)
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut MetricsSnapshot)) {
        self.0.with(change);
    }

    /// Starts the tally of a run, which counts the run as cancelled if it is dropped before [`RunTally::finish`].
    pub(super) fn start_run(&self) -> RunTally<'_> {
        RunTally {
            metrics: self,
            finished: false,
        }
    }
}

/// The counts of a factory since it was created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MetricsSnapshot {
    /// Engines that were created.
    pub engines_created: u64,
    /// Requests for an engine that were refused.
    pub engines_refused: u64,
    /// Engines that were closed; an engine that is only dropped does not count.
    pub engines_closed: u64,
    /// Engines that were closed and did not end well; [`engines_closed`](Self::engines_closed) counts them too.
    pub closes_failed: u64,
    /// Engines that were closed because they were idle; [`engines_closed`](Self::engines_closed) counts them too.
    pub engines_swept: u64,
    /// Runs that finished with an answer.
    pub runs_answered: u64,
    /// Runs that finished with an error.
    pub runs_failed: u64,
    /// Runs that were dropped before they finished.
    pub runs_cancelled: u64,
    /// Events that a sink accepted.
    pub events_delivered: u64,
    /// Events that no sink accepted.
    pub deliveries_failed: u64,
}

#[derive(Debug)]
pub(super) struct RunTally<'a> {
    metrics: &'a Metrics,
    finished: bool,
}

impl RunTally<'_> {
    pub(super) fn finish<T, E>(mut self, result: &Result<T, E>) {
        self.finished = true;
        self.metrics.count(|counts| match result {
            Ok(_) => counts.runs_answered += 1,
            Err(_) => counts.runs_failed += 1,
        });
    }
}

impl Drop for RunTally<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.metrics.count(|counts| counts.runs_cancelled += 1);
        }
    }
}
