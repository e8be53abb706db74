use std::fmt::{self, Write as _};
use std::time::Duration;

use indexmap::IndexMap;
use serde::Serialize;

use crate::case::returned::{Outcome, Success};
use crate::case::state::CaseState;
use crate::composed::composed;

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
        let mut text = format!("{} took {}\n", self.test, Millis(self.elapsed));
        for (phase, time) in &self.phases {
            writeln!(text, "  {phase:<14} {}", Millis(*time))?;
        }
        for (name, count) in &self.metrics {
            writeln!(text, "  {name:<14} {count}")?;
        }
        f.write_str(&composed(text))
    }
}

/// A time in milliseconds, as precise as it is short.
struct Millis(Duration);

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} ms", self.0.as_secs_f64() * 1_000.0)
    }
}
