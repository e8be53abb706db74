//! How deep a schedule is, in the words of the shapes.

use ssot_harness::interleave::{Decision, Run};

use crate::shapes::Depth;

/// What an execution took: everything but inversions, which a schedule does not show.
#[must_use]
pub fn depth(run: &Run) -> Depth {
    let count = |wanted: fn(&Decision) -> bool| {
        let decisions = run.decisions().iter().filter(|decision| wanted(decision));
        u32::try_from(decisions.count()).unwrap_or(u32::MAX)
    };
    Depth {
        preemptions: run.preemptions(),
        drops: count(|decision| matches!(decision, Decision::Drop { .. })),
        late_timers: count(|decision| matches!(decision, Decision::Advance { late: 1.. })),
        ready_awaits: count(|decision| matches!(decision, Decision::RunWithin { .. })),
        inversions: 0,
    }
}
