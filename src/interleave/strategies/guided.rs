use super::serial::go_on;
use crate::interleave::{Decision, Divergence, Runnable, Shape, Strategy, View};

/// Follows a list of decisions as far as it fits: what cannot be done is passed over, and after the list nobody is
/// preempted any more. This is how a shrinker tries an edited schedule.
#[derive(Clone, Debug)]
pub struct Guided<'l> {
    list: &'l [Decision],
    next: usize,
    /// The step at which the next of the list was tried. A runtime that turned out to have no task has not taken it.
    tried: Option<usize>,
    passes: bool,
    tasks_first: bool,
    /// How many tasks ran in place of the next of the list, who waits for a peer.
    before_next: u32,
}

/// How many tasks run, at the most, to wake one that waits for a peer outside of the process.
const BEFORE_NEXT: u32 = 64;

impl<'l> Guided<'l> {
    /// Follows this list.
    #[must_use]
    pub fn new(list: &'l [Decision]) -> Self {
        Self {
            list,
            next: 0,
            tried: None,
            passes: false,
            tasks_first: false,
            before_next: 0,
        }
    }

    /// Lets the clock pass runnables where the list says so.
    #[must_use]
    pub(crate) fn with_passes(mut self) -> Self {
        self.passes = true;
        self
    }

    /// Has every task go on that can before the next of the list.
    #[must_use]
    pub(crate) fn with_tasks_first(mut self) -> Self {
        self.tasks_first = true;
        self
    }
}

impl Strategy for Guided<'_> {
    fn name(&self) -> String {
        "guided".to_owned()
    }

    fn awaited(&self, step: usize) -> Option<Runnable> {
        let is_over = self.tried.is_some_and(|tried| tried < step);
        let next = self.list.get(self.next + usize::from(is_over))?;
        Runnable::of(*next)
    }

    fn may_pass(&self) -> bool {
        self.passes
    }

    fn begin(&mut self, _shape: &Shape) -> bool {
        self.next = 0;
        self.tried = None;
        self.before_next = 0;
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        if self.tried.take().is_some_and(|tried| tried < view.step()) {
            self.next += 1;
            self.before_next = 0;
        }
        while let Some(&decision) = self.list.get(self.next) {
            if self.tasks_first
                && let Some(task) = view.iter().find(|next| matches!(next, Runnable::Runtime(_)))
            {
                return Ok(task.decision());
            }
            // What is due is to fire at once, which it does where it is known that no runtime has a task.
            if matches!(decision, Decision::Pass { .. })
                && let Some(runtime) = view.unknown()
            {
                return Ok(Decision::Step { runtime });
            }
            if view.allows(decision) {
                self.tried = Some(view.step());
                return Ok(decision);
            }
            // The clock can move only once it is known that no runtime has a task.
            if let Some(runtime) = view.unknown() {
                return Ok(Decision::Step { runtime });
            }
            if view.clock()
                && !self.list[self.next..]
                    .iter()
                    .any(|&later| matches!(later, Decision::Advance { .. } | Decision::Pass { .. }))
            {
                return Ok(go_on(view));
            }
            // Its reply may be what a task has to read first.
            if view.waits_for_peer()
                && self.before_next < BEFORE_NEXT
                && let Some(task) = view.iter().find(|next| matches!(next, Runnable::Runtime(_)))
            {
                self.before_next += 1;
                return Ok(task.decision());
            }
            self.next += 1;
            self.before_next = 0;
        }
        Ok(go_on(view))
    }
}
