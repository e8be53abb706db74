use crate::interleave::{Decision, Divergence, Shape, Strategy, View};
use crate::rng::Rng;

/// One actor after another in a random order, but for a few random steps at which somebody else goes.
///
/// In the spirit of Michael Emmi, Shaz Qadeer and Zvonimir Rakamarić, "Delay-bounded scheduling" (POPL 2011).
#[derive(Clone, Debug)]
pub struct SparseDeviations {
    seed: u64,
    most: usize,
    execution: u64,
    rng: Rng,
    /// The steps at which to deviate, ascending.
    steps: Vec<usize>,
    next: usize,
}

impl SparseDeviations {
    /// At least one and at most `most` deviations an execution.
    #[must_use]
    pub fn new(seed: u64, most: usize) -> Self {
        Self {
            seed,
            most: most.max(1),
            execution: 0,
            rng: Rng::split(seed, 0),
            steps: Vec::new(),
            next: 0,
        }
    }
}

impl Strategy for SparseDeviations {
    fn name(&self) -> String {
        format!("sparse({})", self.most)
    }

    fn begin(&mut self, shape: &Shape) -> bool {
        self.execution += 1;
        self.rng = Rng::split(self.seed, self.execution);
        let count = 1 + self.rng.below(self.most);
        self.steps.clear();
        for _ in 0..count {
            self.steps.push(self.rng.below(shape.steps()));
        }
        self.steps.sort_unstable();
        self.next = 0;
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        let count = view.count();
        if count == 0 || view.clock() && self.rng.one_in(2) {
            return Ok(Decision::Advance { late: 0 });
        }
        let mut deviates = false;
        while self.steps.get(self.next).is_some_and(|&step| step <= view.step()) {
            self.next += 1;
            deviates = true;
        }
        Ok(match view.last() {
            Some(last) if deviates && count > 1 => {
                let others = view.iter().filter(|&runnable| runnable != last);
                let chosen = self.rng.below(count - 1);
                others.into_iter().nth(chosen).unwrap_or(last).decision()
            }
            Some(last) => last.decision(),
            None => view.nth(self.rng.below(count)).decision(),
        })
    }
}
