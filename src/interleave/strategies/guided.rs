use super::serial::go_on;
use crate::interleave::{Decision, Divergence, Shape, Strategy, View};

/// Follows a list of decisions as far as it fits: what cannot be done is passed over, and after the list nobody is
/// preempted any more. This is how a shrinker tries an edited schedule.
#[derive(Clone, Debug)]
pub struct Guided<'l> {
    list: &'l [Decision],
    next: usize,
    /// The step at which the next of the list was tried. A runtime that turned out to have no task has not taken it.
    tried: Option<usize>,
}

impl<'l> Guided<'l> {
    /// Follows this list.
    #[must_use]
    pub fn new(list: &'l [Decision]) -> Self {
        Self {
            list,
            next: 0,
            tried: None,
        }
    }
}

impl Strategy for Guided<'_> {
    fn name(&self) -> String {
        "guided".to_owned()
    }

    fn begin(&mut self, _shape: &Shape) -> bool {
        self.next = 0;
        self.tried = None;
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        if self.tried.take().is_some_and(|tried| tried < view.step()) {
            self.next += 1;
        }
        while let Some(&decision) = self.list.get(self.next) {
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
                    .any(|&later| matches!(later, Decision::Advance { .. }))
            {
                return Ok(go_on(view));
            }
            self.next += 1;
        }
        Ok(go_on(view))
    }
}
