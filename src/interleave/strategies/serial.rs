use crate::interleave::{Decision, Divergence, Shape, Strategy, View};

/// One actor after another: whoever went last goes on while it can, then another that has begun, then its tasks, then
/// the clock; only then the next begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Serial;

impl Strategy for Serial {
    fn name(&self) -> String {
        "serial".to_owned()
    }

    fn begin(&mut self, _shape: &Shape) -> bool {
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        Ok(go_on(view))
    }
}

/// What happens where nobody has a reason for anything else: no preemption, no drop, the clock on time.
pub(super) fn go_on(view: &View<'_>) -> Decision {
    match view.last() {
        Some(last) => last.decision(),
        // Who has not begun comes last: after those who have, their tasks and their timers.
        None => match view.first_begun() {
            Some(runnable) => runnable.decision(),
            None if view.clock() => Decision::Advance { late: 0 },
            None => view.nth(0).decision(),
        },
    }
}
