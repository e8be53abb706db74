use std::fmt;
use std::time::Duration;

use indexmap::IndexMap;
use serde::Serialize;

use crate::case::returned::{Outcome, Success};
use crate::case::state::CaseState;
use crate::composed::composed;
use crate::report::{self, TestSummary, printed};

/// A summary of a test up to now: the times of its phases, and its counters.
///
/// `SSOT_REPORT=1` prints that of every test that passes.
#[derive(Clone, Debug, Serialize)]
pub struct CaseReport {
    test: String,
    seed: u64,
    elapsed: Duration,
    phases: Vec<(String, Duration)>,
    metrics: IndexMap<String, u64>,
}

impl CaseReport {
    pub(in crate::case) fn of(state: &CaseState) -> Self {
        Self {
            test: state.test.path().to_owned(),
            seed: state.resources.users.seed,
            elapsed: state.timing.elapsed(),
            phases: state
                .timing
                .phases()
                .into_iter()
                .map(|(phase, time)| (phase.to_string(), time))
                .collect(),
            metrics: state.activity.metrics.all(),
        }
    }

    /// The test's path within its crate.
    #[must_use]
    pub fn test(&self) -> &str {
        &self.test
    }

    /// What its users are drawn from.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How long it has taken, in real time.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// What each part that is over took, in the order of their ends, in real time.
    #[must_use]
    pub fn phases(&self) -> &[(String, Duration)] {
        &self.phases
    }

    /// What was counted.
    #[must_use]
    pub fn metrics(&self) -> &IndexMap<String, u64> {
        &self.metrics
    }
}

impl Success for CaseReport {
    fn outcome(self) -> Outcome {
        Outcome::PASSED
    }
}

impl fmt::Display for CaseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = TestSummary {
            test: &self.test,
            seed: self.seed,
            elapsed: self.elapsed,
            phases: &self.phases,
            metrics: &self.metrics,
        };
        f.write_str(&composed(printed(report::Outcome::TestPassed(summary))))
    }
}
