use crate::interleave::{Candidate, Decision, Divergence, Shape, Strategy, View};
use crate::rng::Rng;

/// A random walk that weighs every candidate by the steps it has left, so that every interleaving is about equally
/// likely and a long actor is not starved of late positions.
///
/// Huan Zhao, Dylan Wolff, Umang Mathur and Abhik Roychoudhury, "Selectively uniform concurrency testing" (ASPLOS
/// 2025), there called URW.
#[derive(Clone, Debug)]
pub struct UniformWalk {
    seed: u64,
    execution: u64,
    rng: Rng,
    expected: Vec<u32>,
}

impl UniformWalk {
    /// Walks from this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            execution: 0,
            rng: Rng::split(seed, 0),
            expected: Vec::new(),
        }
    }

    fn weight(&self, view: &View<'_>, candidate: Candidate) -> usize {
        match candidate {
            Candidate::Actor(actor) => {
                let expected = self.expected.get(actor).copied().unwrap_or(1);
                expected.saturating_sub(view.polls(actor)).max(1) as usize
            }
            // How many polls a runtime's tasks still need cannot be known.
            Candidate::Runtime(_) => 2,
        }
    }
}

impl Strategy for UniformWalk {
    fn name(&self) -> String {
        "uniform walk".to_owned()
    }

    fn begin(&mut self, shape: &Shape) -> bool {
        self.execution += 1;
        self.rng = Rng::split(self.seed, self.execution);
        self.expected.clone_from(&shape.polls);
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        // The clock weighs as much as those for whom it would move.
        if view.clock() && self.rng.one_in(view.count() + 1) {
            return Ok(Decision::Advance { late: 0 });
        }
        let total: usize = view.iter().map(|candidate| self.weight(view, candidate)).sum();
        let mut at = self.rng.below(total);
        for candidate in view.iter() {
            let weight = self.weight(view, candidate);
            if at < weight {
                return Ok(candidate.decision());
            }
            at -= weight;
        }
        unreachable!("the draw is below the sum of the weights")
    }
}
