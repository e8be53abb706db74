use crate::interleave::{Decision, Divergence, Shape, Strategy, View};
use crate::rng::Rng;

/// Any runnable, each as likely as the next, at every step.
#[derive(Clone, Debug)]
pub struct RandomWalk {
    seed: u64,
    execution: u64,
    rng: Rng,
}

impl RandomWalk {
    /// Walks from this seed: the same executions in the same order for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            execution: 0,
            rng: Rng::split(seed, 0),
        }
    }
}

impl Strategy for RandomWalk {
    fn name(&self) -> String {
        "random walk".to_owned()
    }

    fn begin(&mut self, _shape: &Shape) -> bool {
        self.execution += 1;
        self.rng = Rng::split(self.seed, self.execution);
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        let count = view.count();
        let chosen = self.rng.below(count + usize::from(view.clock()));
        Ok(if chosen < count {
            view.nth(chosen).decision()
        } else {
            Decision::Advance { late: 0 }
        })
    }
}
