use super::serial::go_on;
use crate::interleave::{Decision, Divergence, Schedule, Shape, Strategy, View};

/// Follows a schedule to the letter and says where it does not fit. After its end nobody is preempted any more, so
/// that a schedule may leave out what follows by itself.
#[derive(Clone, Debug)]
pub struct Replay {
    schedule: Schedule,
    /// At which step a runtime was tried of which it was not known whether it had a task.
    tried: Option<usize>,
}

impl Replay {
    /// Follows this schedule.
    #[must_use]
    pub fn new(schedule: Schedule) -> Self {
        Self {
            schedule,
            tried: None,
        }
    }

    /// How many decisions the schedule has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.schedule.decisions().len()
    }

    /// True where it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Strategy for Replay {
    fn name(&self) -> String {
        "replay".to_owned()
    }

    fn begin(&mut self, _shape: &Shape) -> bool {
        self.tried = None;
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        let step = view.step();
        if let Some(tried) = self.tried.take()
            && tried < step
            && let Some(&expected) = self.schedule.decisions().get(tried)
        {
            let reason = format!(
                "a spawned task ran where the schedule has `{}`",
                in_words(expected)
            );
            return Err(Divergence {
                step: tried + 1,
                reason,
            });
        }
        let Some(&decision) = self.schedule.decisions().get(step) else {
            return Ok(go_on(view));
        };
        if view.allows(decision) {
            return Ok(decision);
        }
        if let Some(runtime) = view.unknown() {
            self.tried = Some(step);
            return Ok(Decision::Step { runtime });
        }
        Err(view.misfit(decision))
    }

    fn scripted(&self, step: usize) -> Option<Decision> {
        self.schedule.decisions().get(step).copied()
    }

    fn layout(&self) -> Option<crate::interleave::RuntimeTopology> {
        Some(self.schedule.layout())
    }
}

fn in_words(decision: Decision) -> String {
    match decision {
        Decision::Run { actor } => format!("user {} runs", actor + 1),
        Decision::RunWithin { actor, budget } => {
            format!("user {} runs within {budget} ready awaits", actor + 1)
        }
        Decision::Step { runtime } => format!("runtime {runtime} polls a task"),
        Decision::Advance { .. } | Decision::Pass { .. } => "the clock moves".to_owned(),
        Decision::Drop { actor } => format!("user {}'s call is dropped", actor + 1),
    }
}
