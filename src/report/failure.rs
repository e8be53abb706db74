use std::fmt;

use super::{CheckFailure, FailureKind, Finding, Outcome, Refusal, printed, to_json};
use crate::composed::composed;
use crate::interleave::Schedule;
use crate::oracle::Violation;

/// A check that did not pass.
///
/// Its `Debug` is the whole report, for that is what `cargo test` prints of an error that a test returns.
pub struct Failure(CheckFailure);

impl Failure {
    pub(crate) fn found(finding: Finding) -> Self {
        Self(CheckFailure::Violation(Box::new(finding)))
    }

    pub(crate) fn refused(kind: FailureKind, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self(CheckFailure::Refused(Box::new(Refusal {
            kind,
            what: what.into(),
            remedy: remedy.into(),
            executions: 0,
        })))
    }

    pub(crate) fn after(mut self, executions: u64) -> Self {
        if let CheckFailure::Refused(refusal) = &mut self.0 {
            refusal.executions = executions;
        }
        self
    }

    /// A refusal that says this, too.
    pub(crate) fn saying(mut self, more: &str) -> Self {
        if let CheckFailure::Refused(refusal) = &mut self.0 {
            refusal.what.push_str(more);
        }
        self
    }

    pub(crate) fn into_check(self) -> CheckFailure {
        self.0
    }

    /// Which kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.0.kind()
    }

    /// What the oracles reported, the most telling first; empty where the check could not be carried out.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        self.0.violations()
    }

    /// The smallest schedule found in which the violations show.
    #[must_use]
    pub fn schedule(&self) -> Option<&Schedule> {
        self.0.finding().map(|finding| &finding.schedule)
    }

    /// How many preemptions that schedule has.
    #[must_use]
    pub fn preemptions(&self) -> Option<u32> {
        self.0.finding().map(|finding| finding.run.preemptions())
    }

    /// How many executions with several users it took to find.
    #[must_use]
    pub fn executions(&self) -> u64 {
        match &self.0 {
            CheckFailure::Violation(finding) => finding.search.executions + finding.search.raced,
            CheckFailure::Refused(refusal) => refusal.executions,
        }
    }

    /// The text that [`replay`](crate::isolation::Check::replay) and `SSOT_REPLAY` take: the schedule, and the inputs where
    /// there are generated ones.
    #[must_use]
    pub fn replay_text(&self) -> Option<&str> {
        self.0.finding().map(|finding| finding.replay.as_str())
    }

    /// The report as JSON: what was found, in which schedule, step by step, what every user saw then and alone.
    ///
    /// `version` says which format it is. It stays the same while fields are only added.
    ///
    /// ```
    /// use ssot_harness::prelude::*;
    ///
    /// let verdict = isolation(async || ()).users(1, async |_: &User, (): &()| Ok(())).check();
    /// let json = verdict.unwrap_err().to_json();
    /// assert_eq!((&json["version"], &json["outcome"]), (&1.into(), &"refused".into()));
    /// ```
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        to_json(Outcome::CheckFailed(&self.0))
    }

    /// Whether the same schedule did something else when it was run again.
    #[must_use]
    pub fn is_nondeterministic(&self) -> bool {
        self.0
            .finding()
            .is_some_and(|finding| finding.nondeterminism.is_some())
    }

    /// Whether real time or real threads were at play, those of `spawn_blocking` among them: what happens then does not
    /// follow from the schedule alone, and a replay may come to something else.
    #[must_use]
    pub fn is_best_effort(&self) -> bool {
        self.0.finding().is_some_and(|finding| finding.best_effort)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&composed(printed(Outcome::CheckFailed(&self.0))))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&composed(printed(Outcome::CheckFailed(&self.0))))
    }
}

impl std::error::Error for Failure {}
