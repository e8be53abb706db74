use std::time::Duration;

use super::{Decision, Divergence, Ending, Panic, Runnable, RuntimeTopology, Schedule};

/// What is known of one execution.
#[derive(Clone, Debug)]
pub struct Run {
    pub(crate) topology: RuntimeTopology,
    pub(crate) ending: Ending,
    pub(crate) decisions: Vec<Decision>,
    /// Who was preempted at the decision of an index, ascending.
    pub(crate) preempted: Vec<(usize, Runnable)>,
    pub(crate) polls: Vec<u32>,
    pub(crate) dropped: Vec<bool>,
    pub(crate) finished: Vec<bool>,
    pub(crate) panics: Vec<(usize, Panic)>,
    pub(crate) most_tasks: usize,
    /// From which step on, counted from 0, decisions were fair ones.
    pub(crate) fair_from: Option<usize>,
    /// How far the clock had come at the decision of an index, for those after a move of it.
    pub(crate) times: Vec<(usize, Duration)>,
    /// A digest of who woke whom, in order.
    pub(crate) wake_ups: u64,
}

impl Run {
    /// How it ended.
    #[must_use]
    pub fn ending(&self) -> &Ending {
        &self.ending
    }

    /// The decisions made, in order.
    #[must_use]
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// The decisions as a schedule, in the given identity seed.
    ///
    /// Of an execution that did not come to an end, the fair part is left out: it follows by itself.
    #[must_use]
    pub fn schedule(&self, identity_seed: u64) -> Schedule {
        let own = match (&self.ending, self.fair_from) {
            (Ending::StepLimit(_), Some(fair)) => &self.decisions[..fair],
            _ => &self.decisions[..],
        };
        Schedule::new(self.topology, identity_seed, own.to_vec())
    }

    /// From which step on, counted from 0, the execution went on under a fair schedule, for it took far more decisions than
    /// expected.
    #[must_use]
    pub fn fair_from(&self) -> Option<usize> {
        self.fair_from
    }

    /// How often somebody else went on although the one that went last could have.
    #[must_use]
    pub fn preemptions(&self) -> u32 {
        u32::try_from(self.preempted.len()).unwrap_or(u32::MAX)
    }

    /// Who could have gone on and did not at the decision of this index; `None` where that decision preempted nobody.
    ///
    /// Of a runtime it may show only later that it had a task; it is preempted at the decision that left it.
    #[must_use]
    pub fn preempted_at(&self, decision: usize) -> Option<Runnable> {
        let place = self.preempted.binary_search_by_key(&decision, |&(at, _)| at);
        place.ok().map(|place| self.preempted[place].1)
    }

    /// How often each actor was polled.
    #[must_use]
    pub fn polls(&self) -> &[u32] {
        &self.polls
    }

    /// True for each actor whose call was dropped.
    #[must_use]
    pub fn dropped(&self) -> &[bool] {
        &self.dropped
    }

    /// True for each actor that came to its end by itself.
    #[must_use]
    pub fn finished(&self) -> &[bool] {
        &self.finished
    }

    /// The panics of spawned tasks, each with the step in which it happened.
    #[must_use]
    pub fn panics(&self) -> &[(usize, Panic)] {
        &self.panics
    }

    /// How often the clock moved.
    pub(crate) fn moves_of_the_clock(&self) -> usize {
        self.times.len()
    }

    /// Adds panics that came to light after the last decision.
    pub(crate) fn note_panics(&mut self, panics: Vec<Panic>) {
        let step = self.decisions.len();
        self.panics.extend(panics.into_iter().map(|panic| (step, panic)));
    }

    /// How many spawned tasks were alive at once, at the most.
    #[must_use]
    pub fn most_tasks(&self) -> usize {
        self.most_tasks
    }

    /// Where a replayed schedule did not fit.
    #[must_use]
    pub fn divergence(&self) -> Option<&Divergence> {
        match &self.ending {
            Ending::Diverged(divergence) => Some(divergence),
            _ => None,
        }
    }
}
