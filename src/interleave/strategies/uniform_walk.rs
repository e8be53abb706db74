use crate::interleave::runnables::bits;
use crate::interleave::{Decision, Divergence, Runnable, Shape, Strategy, View};
use crate::rng::Rng;

/// A random walk that weighs every runnable by the steps it has left, so that every interleaving is about equally
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
    /// Of each 64 actors, who could go when they were looked at last, and what they weighed together.
    weighed: Vec<(u64, usize)>,
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
            weighed: Vec::new(),
        }
    }

    fn weight(&self, view: &View<'_>, runnable: Runnable) -> usize {
        match runnable {
            Runnable::Actor(actor) => {
                let expected = self.expected.get(actor).copied().unwrap_or(1);
                expected.saturating_sub(view.polls(actor)).max(1) as usize
            }
            // How many polls a runtime's tasks still need cannot be known.
            Runnable::Runtime(_) => 2,
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
        self.weighed.clear();
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        // The clock weighs as much as those for whom it would move.
        if view.clock() && self.rng.one_in(view.count() + 1) {
            return Ok(Decision::Advance { late: 0 });
        }
        let mut total = 2 * view.runnables.runtimes.len();
        self.weighed.resize(view.runnables.actors.len(), (0, 0));
        for (number, &word) in view.runnables.actors.iter().enumerate() {
            // An actor's weight changes when it goes.
            let stale = matches!(view.last, Some(Runnable::Actor(last)) if last / 64 == number);
            if stale || self.weighed[number].0 != word {
                let weights = bits(&[word])
                    .map(|bit| self.weight(view, Runnable::Actor(number * 64 + bit)))
                    .sum();
                self.weighed[number] = (word, weights);
            }
            total += self.weighed[number].1;
        }
        let mut at = self.rng.below(total);
        for (number, &(word, weights)) in self.weighed.iter().enumerate() {
            if at >= weights {
                at -= weights;
                continue;
            }
            for bit in bits(&[word]) {
                let runnable = Runnable::Actor(number * 64 + bit);
                let weight = self.weight(view, runnable);
                if at < weight {
                    return Ok(runnable.decision());
                }
                at -= weight;
            }
        }
        if let Some(&runtime) = view.runnables.runtimes.get(at / 2) {
            return Ok(Decision::Step { runtime });
        }
        unreachable!("the draw is below the sum of the weights")
    }
}
