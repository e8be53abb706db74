use std::collections::HashSet;
use std::fmt;

use super::evidence::{Evidence, ScriptOutcome};
use super::{Kind, Violation};
use crate::trace::{Observation, Trace};
use crate::user::{Population, UserContext};

/// One execution, as an [`Oracle`] sees it: its users, what they observed, and how their scripts ended.
///
/// Users are counted from 0, in the order of the check.
pub struct ExecutionView<'a> {
    pub(super) population: &'a Population,
    /// Whether no user is ever alone.
    pub(super) together: bool,
    /// The messages of the panics that solo runs show.
    pub(super) known_panics: &'a HashSet<String>,
    pub(super) evidence: &'a Evidence<'a>,
}

/// Judges executions.
///
/// An oracle that is given to [`Check::oracle`](crate::isolation::Check::oracle) judges every execution in which all users are
/// present, those of shrinking and replays included. Solo runs are not judged. What it returns has to follow from the view
/// alone: a finding that a second run of the same schedule does not show is reported as nondeterministic.
///
/// ```
/// use ssot_harness::oracle::{ExecutionView, Oracle};
/// use ssot_harness::prelude::*;
///
/// struct OneReply;
///
/// impl Oracle for OneReply {
///     fn name(&self) -> &str {
///         "one reply"
///     }
///
///     fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
///         let finished = (0..execution.users()).filter(|&user| execution.is_finished(user));
///         let silent = finished.filter(|&user| {
///             let mut observations = execution.trace().observations().iter();
///             !observations.any(|seen| seen.viewer() == user && seen.surface() == Surface::Reply)
///         });
///         silent
///             .map(|user| execution.violation_for(Kind::EventMissing, user, "the user got no reply"))
///             .collect()
///     }
/// }
///
/// let failure = isolation(async || ())
///     .users(2, async |user: &User, (): &()| {
///         user.saw(Surface::Event, &user.secret("card"));
///         Ok(())
///     })
///     .oracle(OneReply)
/// #   .without_regressions()
///     .check()
///     .unwrap_err();
/// assert_eq!(failure.violations()[0].kind(), Kind::EventMissing);
/// ```
pub trait Oracle: Send + Sync {
    /// What the oracle is called where several find something.
    fn name(&self) -> &str;

    /// What the execution did wrong; empty where nothing.
    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation>;
}

impl ExecutionView<'_> {
    /// How many users the check has.
    #[must_use]
    pub fn users(&self) -> usize {
        self.population.len()
    }

    /// What reports call a user.
    ///
    /// # Panics
    ///
    /// Where there is no such user.
    #[must_use]
    pub fn name(&self, user: usize) -> &str {
        self.population.identity(user).name()
    }

    /// The ids of a user.
    ///
    /// # Panics
    ///
    /// Where there is no such user.
    #[must_use]
    pub fn context(&self, user: usize) -> &UserContext {
        self.population.identity(user).context()
    }

    /// What all users observed, in order, on every surface.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        self.evidence.trace
    }

    /// Whether the script of a user came to its end and returned `Ok`.
    #[must_use]
    pub fn is_finished(&self, user: usize) -> bool {
        *self.evidence.script_outcome(user) == ScriptOutcome::Finished
    }

    /// Whether the schedule dropped the user's call, as when a client disconnects.
    #[must_use]
    pub fn is_dropped(&self, user: usize) -> bool {
        matches!(
            self.evidence.script_outcome(user),
            ScriptOutcome::Cancelled { .. }
        )
    }

    /// The error that a user's script returned, as text.
    #[must_use]
    pub fn error(&self, user: usize) -> Option<&str> {
        match self.evidence.script_outcome(user) {
            ScriptOutcome::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// Whether an observation was made while its user's own script was polled, rather than by a task or another user's call.
    pub(crate) fn is_seen_by_its_script(&self, observation: &Observation) -> bool {
        (self.evidence.ended.polled)(observation.step()) == Some(observation.viewer())
    }

    /// How many steps the execution took.
    #[must_use]
    pub fn steps(&self) -> u32 {
        self.evidence.ended.of_all
    }

    /// A violation by the system as a whole. `detail` is a sentence without a full stop.
    #[must_use]
    pub fn violation(&self, kind: Kind, detail: impl Into<String>) -> Violation {
        Violation::new(kind, self.steps(), detail.into())
    }

    /// A violation that `user` suffered, at the user's last step.
    ///
    /// # Panics
    ///
    /// Where there is no such user.
    #[must_use]
    pub fn violation_for(&self, kind: Kind, user: usize, detail: impl Into<String>) -> Violation {
        Violation::new(kind, (self.evidence.ended.of_user)(user), detail.into()).by(self.population, user)
    }

    /// A violation that a script found out by itself, in the step in which it did.
    #[cfg(feature = "conformance")]
    pub(crate) fn violation_told(
        &self,
        kind: Kind,
        fact: &crate::trace::Fact,
        detail: impl Into<String>,
    ) -> Violation {
        Violation::new(kind, fact.step(), detail.into()).by(self.population, fact.viewer())
    }

    /// A violation that an observation shows, to the user who made it and at its step.
    #[must_use]
    pub fn violation_in(
        &self,
        kind: Kind,
        observation: &Observation,
        detail: impl Into<String>,
    ) -> Violation {
        Violation::seen(kind, self.population, observation, detail.into())
    }
}

impl fmt::Debug for ExecutionView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecutionView")
            .field("evidence", self.evidence)
            .finish_non_exhaustive()
    }
}
