//! The course of an execution: whether two took the same, and where in it a user observed something.

use super::target::ExecutionRecord;
use crate::interleave::Decision;
use crate::trace::Observation;

/// Whether two solo runs of a user did the same and showed the same.
pub(super) fn is_repeated(one: &ExecutionRecord, other: &ExecutionRecord) -> bool {
    same_course(one, other) && one.trace.fingerprint() == other.trace.fingerprint()
}

/// Whether two solo runs of a user took the same steps, and showed the same number of things on each surface.
pub(super) fn same_course(one: &ExecutionRecord, other: &ExecutionRecord) -> bool {
    let surfaces = |record: &ExecutionRecord| -> Vec<_> {
        let mut surfaces: Vec<_> = record
            .trace
            .observations()
            .iter()
            .map(Observation::surface)
            .collect();
        surfaces.sort();
        surfaces
    };
    one.run.decisions() == other.run.decisions() && surfaces(one) == surfaces(other)
}

/// The polls, counted from 0, in which the user of a solo run observed something; where a task of its did, the user's next poll.
///
/// `observed` are the steps of the observations, from 1, in order.
pub(super) fn marks(decisions: &[Decision], observed: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut observed = observed.peekable();
    let mut marks = Vec::new();
    let mut polls = 0;
    for (step, decision) in (1..).zip(decisions) {
        while observed.next_if(|&observed| observed <= step).is_some() {
            if marks.last() != Some(&polls) {
                marks.push(polls);
            }
        }
        polls += u32::from(matches!(
            decision,
            Decision::Run { .. } | Decision::RunWithin { .. }
        ));
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::marks;
    use crate::interleave::Decision::{Advance, Run, RunWithin, Step};

    #[test]
    fn a_mark_is_a_poll_of_the_user() {
        let run = Run { actor: 0 };
        let within = RunWithin { actor: 0, budget: 1 };
        let decisions = [run, Step { runtime: 1 }, within, Advance { late: 0 }, run, run];
        // Before the first step, twice in the first, in the task, in the last two.
        assert_eq!(marks(&decisions, [0, 1, 1, 2, 5, 6].into_iter()), [0, 1, 2, 3]);
        assert_eq!(marks(&decisions, [3].into_iter()), [1]);
        assert!(marks(&decisions, [].into_iter()).is_empty());
        // What came when the user had left is no poll of its.
        assert!(marks(&decisions, [7].into_iter()).is_empty());
    }
}
