use super::serial::go_on;
use crate::interleave::{Decision, Divergence, Runnable, Shape, Strategy, View};

/// Drops calls at chosen polls, one call after another, and lets everybody else go on to the end, without a preemption.
#[derive(Clone, Debug)]
pub(crate) struct DropCalls {
    /// Whose calls, and after how many of its polls.
    victims: Vec<(usize, u32)>,
    /// How many of them are dropped, or have ended before that.
    done: usize,
}

impl DropCalls {
    /// Drops the call of each of these actors after so many of its polls.
    pub(crate) fn new(victims: Vec<(usize, u32)>) -> Self {
        Self { victims, done: 0 }
    }
}

impl Strategy for DropCalls {
    fn name(&self) -> String {
        "dropped calls".to_owned()
    }

    fn begin(&mut self, _shape: &Shape) -> bool {
        self.done = 0;
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        while let Some(&(actor, polls)) = self.victims.get(self.done) {
            let has_begun = view.polls(actor) > 0;
            if has_begun && !view.can_drop(actor) {
                // It has ended by itself, or no more calls may be dropped.
                self.done += 1;
                continue;
            }
            if view.polls(actor) >= polls {
                return Ok(Decision::Drop { actor });
            }
            if view.contains(Runnable::Actor(actor)) {
                return Ok(Decision::Run { actor });
            }
            break;
        }
        Ok(go_on(view))
    }
}
