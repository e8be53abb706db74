use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::{Caveat, FoundBy, Portion, TestPath, ThreadState};
use crate::interleave::{Certificate, Place, Run, Schedule, Shard, StepNotes};
use crate::oracle::{LeftOut, Violation};
use crate::trace::{Observation, Trace};
use crate::user::IdentityMode;

/// A violation that was found, with all that a report says of it.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// The most telling first; never empty.
    pub(crate) violations: Vec<Violation>,
    /// The execution in which they show, after shrinking.
    pub(crate) run: Run,
    /// What is known of its steps beside the decisions, where it was run again and did the same.
    pub(crate) steps: Option<StepNotes>,
    /// What the thread does that a poll blocks, where one does.
    pub(crate) blocked: Option<ThreadState>,
    /// The run as a schedule.
    pub(crate) schedule: Schedule,
    /// What the users saw in it.
    pub(crate) trace: Trace,
    /// What each user saw alone, in order of users; empty where nobody was.
    pub(crate) solo: Vec<Vec<Observation>>,
    /// The users' names, in order.
    pub(crate) names: Vec<String>,
    pub(crate) identities: IdentityMode,
    pub(crate) search: SearchSummary,
    pub(crate) found_by: FoundBy,
    pub(crate) shrinking: Shrinking,
    /// Set where the same schedule did not do the same again.
    pub(crate) nondeterminism: Option<Nondeterminism>,
    /// Real time or real threads were at play, so that a replay is best effort.
    pub(crate) best_effort: bool,
    /// Generated inputs, a line for each user's action, in order of users.
    pub(crate) inputs: Option<Vec<Vec<String>>>,
    /// The text for `SSOT_REPLAY` and `.replay(..)`: the schedule, and inputs as JSON behind a `|` where there are any.
    pub(crate) replay: String,
    /// The test that it was found in, where that is known.
    pub(crate) test: Option<TestPath>,
    /// Where the failure was kept for the next run, relative to the package.
    pub(crate) kept: Option<PathBuf>,
    /// What a reader should know that is no violation.
    pub(crate) caveats: Vec<Caveat>,
    /// What is not compared with solo runs.
    pub(crate) left_out: Vec<LeftOut>,
}

impl Finding {
    /// The last place that the last poll passed, where it did not return.
    pub(crate) fn last_place(&self) -> Option<&Place> {
        let last = self.run.decisions().len().checked_sub(1)?;
        self.steps.as_ref()?.step(last)?.place.as_ref()
    }
}

/// How far a search went.
#[derive(Clone, Debug, Default)]
pub(crate) struct SearchSummary {
    /// Executions with company, until the first failure or the end.
    pub(crate) executions: u64,
    /// Executions with racing pairs of threads, which are not among those.
    pub(crate) raced: u64,
    /// Executions that took far more decisions than expected, and came to a fair end.
    pub(crate) fair: u64,
    /// Executions in which a user was alone.
    pub(crate) alone: u64,
    /// How many executions each portion of the search had, in the order in which they began.
    pub(crate) portions: Vec<(Portion, u64)>,
    /// Sets of generated inputs that were tried; 0 where there are none to generate.
    pub(crate) inputs: u64,
    /// How many executions differed in what somebody saw.
    pub(crate) distinct: u64,
    pub(crate) certificate: Option<Certificate>,
    /// How many executions dropped every call after every poll, where all were run.
    pub(crate) dropped: Option<u64>,
    /// Which orders between users' steps were seen, where they were counted.
    pub(crate) orders: Option<OrdersSeen>,
    /// How many executions there were after the last that showed a new order or outcome.
    pub(crate) nothing_new: u64,
    /// Why the search stopped before its executions were used up, where it did.
    pub(crate) settled: Option<Settled>,
    /// What is known of the behaviours that were not seen, where some executions were left to chance.
    pub(crate) unseen: Option<Unseen>,
    /// The identity modes used.
    pub(crate) identities: Vec<IdentityMode>,
    pub(crate) users: usize,
    pub(crate) elapsed: Duration,
    pub(crate) seed: u64,
    /// Which part of the search was run.
    pub(crate) shard: Shard,
}

/// Why a search stopped although it had executions left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// As many executions as the test says had shown no new order of steps and no new outcome.
    NothingNew,
    /// The next was unlikely to behave in a new way.
    NewIsUnlikely,
}

/// How likely the next execution is to behave as none did: by the Good-Turing estimate, the share of the sampled executions that showed
/// what no other execution has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unseen {
    /// How many behaviours were seen.
    pub(crate) behaviours: u64,
    /// How many of them in one sampled execution, and nowhere else.
    pub(crate) once: u64,
    pub(crate) samples: u64,
    /// How many behaviours there were after so many executions: after 1, 2, 4, 8, and at the end.
    pub(crate) curve: Vec<(u64, u64)>,
}

impl Unseen {
    /// The estimate.
    #[expect(clippy::cast_precision_loss, reason = "an estimate has few digits")]
    pub(crate) fn probability(&self) -> f64 {
        self.once as f64 / self.samples as f64
    }
}

/// How a failing execution was made smaller.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shrinking {
    pub(crate) attempts: usize,
    pub(crate) preemptions_before: u32,
    pub(crate) steps_before: usize,
}

/// One schedule, run twice, with two outcomes.
#[derive(Clone, Debug)]
pub(crate) struct Nondeterminism {
    /// The first step that differs, from 1.
    pub(crate) step: usize,
    /// What was different there, in words.
    pub(crate) difference: String,
    /// Whether the second run failed in the same way all the same.
    pub(crate) failed_again: bool,
}

/// How many orders there are between two users' steps, and how many of them were seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OrdersSeen {
    /// Those that were seen: this step of one before that step of another.
    pub seen: u64,
    /// Two for every pair of steps; where one waits for the other, only one of the two can ever be seen.
    pub all: u64,
}
