use std::collections::HashSet;

use super::behaviours::Behaviours;
use super::orders::Orders;
use crate::digest::Digest;
use crate::interleave::{Run, Shape};
use crate::report::{Phase, SearchSummary};

/// What the executions of a search have shown, and when they last showed something new.
#[derive(Debug, Default)]
pub(crate) struct Discovery {
    outcomes: HashSet<u64>,
    /// Which orders of the users' steps were seen; `None` where inputs are generated, or there are too many.
    orders: Option<Orders>,
    behaviours: Behaviours,
    /// The execution that last showed a new order or outcome.
    last_new: u64,
}

impl Discovery {
    /// Counts orders of steps from now on, of users who take so many alone.
    pub(super) fn count_orders(&mut self, shape: &Shape) {
        self.orders = Orders::of(shape);
    }

    /// Takes down an execution of this number, in which users saw what has this digest.
    pub(super) fn note(&mut self, execution: u64, outcome: u64, run: &Run, phase: Phase) {
        let is_new_order = self.orders.as_mut().is_some_and(|orders| orders.note(run));
        if self.outcomes.insert(outcome) || is_new_order {
            self.last_new = execution;
        }
        if phase != Phase::RacingPairs {
            let behaviour = Digest::new().word(outcome).word(run.wake_ups).finish();
            self.behaviours.note(behaviour, phase == Phase::Portfolio);
        }
    }

    /// How many executions there were, of so many, since the last that showed a new order or outcome.
    pub(super) fn quiet(&self, executions: u64) -> u64 {
        executions - self.last_new
    }

    /// Whether the next execution is unlikely to behave in a new way.
    pub(super) fn is_unlikely(&self) -> bool {
        self.behaviours.are_seen()
    }

    pub(super) fn close(&self, summary: &mut SearchSummary) {
        summary.distinct = self.outcomes.len() as u64;
        summary.orders = self.orders.as_ref().map(Orders::seen);
        summary.nothing_new = self.quiet(summary.executions);
        summary.unseen = self.behaviours.unseen();
    }
}
