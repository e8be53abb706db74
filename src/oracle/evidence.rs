//! What an execution leaves for the oracles to judge.

use std::fmt;

use serde_json::Value;

use crate::trace::Trace;

/// All that is known of one execution.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence<'a> {
    pub(crate) trace: &'a Trace,
    /// How each user's script ended, by the user's index. In a solo run only the fate of the user who was there counts.
    pub(crate) script_outcomes: &'a [ScriptOutcome],
    pub(crate) hang: Option<&'a Hang>,
    pub(crate) panics: &'a [PanicNote],
    pub(crate) residue: Option<&'a Residue>,
    /// The invariants that do not hold at the end.
    pub(crate) broken: &'a [BrokenInvariant],
    pub(crate) ended: Ended<'a>,
}

/// In which step of the driver's, from 1, the script of the user of an index ended or went on last, and after how many steps
/// the execution was over.
#[derive(Clone, Copy)]
pub(crate) struct Ended<'a> {
    pub(crate) of_user: &'a dyn Fn(usize) -> u32,
    pub(crate) of_all: u32,
    /// Which user's script was polled in a step, from 1.
    pub(crate) polled: &'a dyn Fn(u32) -> Option<usize>,
}

impl fmt::Debug for Ended<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ended")
            .field("of_all", &self.of_all)
            .finish_non_exhaustive()
    }
}

impl<'a> Evidence<'a> {
    /// How the script of the user at index `user` ended; a user without a fate did not come to an end.
    pub(super) fn script_outcome(&self, user: usize) -> &'a ScriptOutcome {
        self.script_outcomes
            .get(user)
            .unwrap_or(&ScriptOutcome::Unfinished)
    }
}

/// How a user's script ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ScriptOutcome {
    /// With `Ok`.
    Finished,
    /// With an error, which is what the user was shown.
    Failed(String),
    /// The schedule dropped the user's call.
    Cancelled {
        /// In this step of the driver's, from 1. What the user saw from then on has no counterpart alone.
        step: u32,
    },
    /// The execution ended before the script did.
    Unfinished,
    /// With a panic of this message.
    Panicked(String),
}

/// Users who wait for what can never come.
#[derive(Clone, Debug)]
pub(crate) struct Hang {
    /// What they wait for, as a sentence without a full stop.
    pub(crate) detail: String,
    pub(crate) users: Vec<usize>,
    pub(crate) step: u32,
}

/// An invariant that does not hold when the users have left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BrokenInvariant {
    pub(crate) name: String,
    /// The message, where it panicked instead of saying no.
    pub(crate) panic: Option<String>,
}

/// A panic somewhere in the execution.
#[derive(Clone, Debug)]
pub(crate) struct PanicNote {
    /// The user whose script panicked; `None` for a task that the system spawned.
    pub(crate) user: Option<usize>,
    pub(crate) message: String,
    /// File and line.
    pub(crate) location: String,
    pub(crate) step: u32,
}

/// What the system says of itself before its users come and after they left.
#[derive(Clone, Debug, Default)]
pub(crate) struct Residue {
    pub(crate) before: Value,
    pub(crate) after: Value,
    /// What stays beside the system, as on a connection to its database: each a fragment without a full stop.
    pub(crate) beside: Vec<String>,
}
