use std::fmt;

use super::{FailureKind, Finding, Outcome, Refusal, printed, to_json};
use crate::composed::composed;
use crate::interleave::Schedule;
use crate::oracle::Violation;

/// A check that did not pass.
///
/// Its `Debug` is the whole report, for that is what `cargo test` prints of an error that a test returns.
pub struct Failure(Inner);

enum Inner {
    /// Somebody saw what was not theirs.
    Violation(Box<Finding>),
    /// The check could not be carried out, or could not have found anything.
    Refused(Box<Refusal>),
}

impl Failure {
    pub(crate) fn found(finding: Finding) -> Self {
        Self(Inner::Violation(Box::new(finding)))
    }

    pub(crate) fn refused(kind: FailureKind, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self(Inner::Refused(Box::new(Refusal {
            kind,
            what: what.into(),
            remedy: remedy.into(),
            executions: 0,
        })))
    }

    pub(crate) fn after(mut self, executions: u64) -> Self {
        if let Inner::Refused(refusal) = &mut self.0 {
            refusal.executions = executions;
        }
        self
    }

    /// A refusal that says this, too.
    pub(crate) fn saying(mut self, more: &str) -> Self {
        if let Inner::Refused(refusal) = &mut self.0 {
            refusal.what.push_str(more);
        }
        self
    }

    pub(crate) fn outcome(&self) -> Outcome<'_> {
        match &self.0 {
            Inner::Violation(finding) => Outcome::Violation(finding),
            Inner::Refused(refusal) => Outcome::Refused(refusal),
        }
    }

    fn finding(&self) -> Option<&Finding> {
        match &self.0 {
            Inner::Violation(finding) => Some(finding),
            Inner::Refused(_) => None,
        }
    }

    /// Which kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        match &self.0 {
            Inner::Violation(_) => FailureKind::Violation,
            Inner::Refused(refusal) => refusal.kind,
        }
    }

    /// What the oracles reported, the most telling first; empty where the check could not be carried out.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        self.finding().map_or(&[], |finding| &finding.violations)
    }

    /// The smallest schedule found in which the violations show.
    #[must_use]
    pub fn schedule(&self) -> Option<&Schedule> {
        self.finding().map(|finding| &finding.schedule)
    }

    /// How many preemptions that schedule has.
    #[must_use]
    pub fn preemptions(&self) -> Option<u32> {
        self.finding().map(|finding| finding.run.preemptions())
    }

    /// How many executions with several users it took to find.
    #[must_use]
    pub fn executions(&self) -> u64 {
        match &self.0 {
            Inner::Violation(finding) => finding.search.executions + finding.search.raced,
            Inner::Refused(refusal) => refusal.executions,
        }
    }

    /// The text that [`replay`](crate::isolation::Check::replay) and `SSOT_REPLAY` take: the schedule, and the inputs where
    /// there are generated ones.
    #[must_use]
    pub fn replay_text(&self) -> Option<&str> {
        self.finding().map(|finding| finding.replay.as_str())
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
        to_json(self.outcome())
    }

    /// Whether the same schedule did something else when it was run again.
    #[must_use]
    pub fn is_nondeterministic(&self) -> bool {
        self.finding()
            .is_some_and(|finding| finding.nondeterminism.is_some())
    }

    /// Whether real time or real threads were at play, those of `spawn_blocking` among them: what happens then does not
    /// follow from the schedule alone, and a replay may come to something else.
    #[must_use]
    pub fn is_best_effort(&self) -> bool {
        self.finding().is_some_and(|finding| finding.best_effort)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&composed(printed(self.outcome())))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&composed(printed(self.outcome())))
    }
}

impl std::error::Error for Failure {}
