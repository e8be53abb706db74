use std::sync::Arc;

use crate::interleave::{Decision, Place};

/// Where a task comes from: it, or the task that spawned it, and so on, was spawned there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// While the system was built, or asked about itself.
    System,
    /// In a poll of this actor.
    Actor(usize),
}

/// What woke the one who runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WokenBy {
    /// What was polled or dropped at the decision of this index.
    Step(usize),
    /// A timer.
    Clock,
}

/// A spawned task that could be told from the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpawnedTask {
    /// `None` where it is not known.
    pub(crate) origin: Option<Origin>,
    /// Which of the tasks of its origin it is, from 1, in the order in which they were spawned.
    pub(crate) number: Option<usize>,
    /// The index of the decision in which it was spawned.
    pub(crate) spawned_at: Option<usize>,
    /// What the code under test calls it.
    pub(crate) name: Option<Arc<str>>,
}

/// What is known of one step beside its decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StepNote {
    /// Which task ran, by its place in [`StepNotes::tasks`].
    pub(crate) task: Option<usize>,
    /// Where the task that ran comes from.
    pub(crate) origin: Option<Origin>,
    pub(crate) woken_by: Option<WokenBy>,
    /// Where the call was that was dropped; of a poll that did not return, the last place that it passed.
    pub(crate) place: Option<Place>,
}

/// What is known of the steps of an execution beside its decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StepNotes {
    pub(crate) tasks: Vec<SpawnedTask>,
    /// One for each decision.
    pub(crate) steps: Vec<StepNote>,
}

impl StepNotes {
    /// The note of the decision of this index.
    pub(crate) fn step(&self, decision: usize) -> Option<&StepNote> {
        self.steps.get(decision)
    }

    /// In how many steps a task ran of which it is not known which.
    pub(crate) fn gaps(&self, decisions: &[Decision]) -> usize {
        let steps = decisions.iter().zip(&self.steps);
        let gaps =
            steps.filter(|(decision, note)| matches!(decision, Decision::Step { .. }) && note.task.is_none());
        gaps.count()
    }

    /// The task that ran at the decision of this index.
    pub(crate) fn task(&self, decision: usize) -> Option<&SpawnedTask> {
        self.tasks.get(self.step(decision)?.task?)
    }
}
