use std::fmt;
use std::process::{ExitCode, Termination};

use super::{Caveat, Failure, OrdersSeen, Outcome, Passed, Unseen, printed, to_json};
use crate::composed::composed;
use crate::interleave::Certificate;
use crate::oracle::LeftOut;

/// What a passing check covered.
///
/// It is printed on request: `SSOT_REPORT=1`. A test may return it, as a part of a [`Verdict`].
#[derive(Clone, Debug)]
pub struct Report {
    passed: Passed,
    /// As text, for who reads them.
    caveats: Vec<String>,
}

impl Report {
    pub(crate) fn new(passed: Passed) -> Self {
        Self {
            caveats: passed.caveats.iter().map(Caveat::to_string).collect(),
            passed,
        }
    }

    /// The test that the check is in, where that is known.
    pub(crate) fn test(&self) -> Option<&str> {
        self.passed.test.as_deref()
    }

    /// How many executions were run with several users. The solo runs are not counted.
    #[must_use]
    pub fn executions(&self) -> u64 {
        self.passed.search.executions
    }

    /// Up to which bound every schedule was run.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.passed.search.certificate.as_ref()
    }

    /// Which orders between two users' steps were seen. `None` where inputs are generated, and where there are more than 16
    /// users or 1,024 steps.
    #[must_use]
    pub fn orders(&self) -> Option<OrdersSeen> {
        self.passed.search.orders
    }

    /// How many executions there were after the last one that showed a new order of steps, or a new outcome.
    #[must_use]
    pub fn executions_since_new(&self) -> u64 {
        self.passed.search.nothing_new
    }

    /// How likely the next execution is to behave as none did, from 0 to 1: the Good-Turing estimate, which is the share of the executions
    /// left to chance that showed what no other execution has shown. `None` where nothing was left to chance.
    #[must_use]
    pub fn probability_of_new(&self) -> Option<f64> {
        self.passed.search.unseen.as_ref().map(Unseen::probability)
    }

    /// Whether the search stopped before its executions were used up: because little was left to see, or as
    /// [`until_nothing_new`](crate::isolation::Check::until_nothing_new) lets it.
    #[must_use]
    pub fn has_settled(&self) -> bool {
        self.passed.search.settled.is_some()
    }

    /// How many executions raced pairs of threads, as [`race`](crate::isolation::Check::race) asks for. They are not counted among the
    /// others.
    #[must_use]
    pub fn racing_executions(&self) -> u64 {
        self.passed.search.raced
    }

    /// What was not compared with users' solo runs, for it differs between solo runs too: times, random tokens, ports.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        &self.passed.left_out
    }

    /// The report as JSON, in the format of [`Failure::to_json`](super::Failure::to_json).
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        to_json(Outcome::CheckPassed(&self.passed))
    }

    /// What a reader should know: that the time was up, that threads were at work.
    #[must_use]
    pub fn caveats(&self) -> &[String] {
        &self.caveats
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&composed(printed(Outcome::CheckPassed(&self.passed))))
    }
}

impl Termination for Report {
    fn report(self) -> ExitCode {
        ExitCode::SUCCESS
    }
}

/// What a check comes to.
pub type Verdict = Result<Report, Failure>;
