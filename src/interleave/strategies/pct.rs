use crate::interleave::{Candidate, Decision, Divergence, Shape, Strategy, View};
use crate::rng::Rng;

/// Priorities drawn at random, the highest goes, and at `depth − 1` random steps the one that would go falls behind
/// all others. Finds a bug of that depth among n actors and k steps with a probability of at least 1/(n·k^(depth−1)).
///
/// Sebastian Burckhardt, Pravesh Kothari, Madanlal Musuvathi and Santosh Nagarakatte, "A randomized scheduler with
/// probabilistic guarantees of finding bugs" (ASPLOS 2010).
#[derive(Clone, Debug)]
pub struct Pct {
    seed: u64,
    depth: usize,
    execution: u64,
    rng: Rng,
    actors: Vec<u64>,
    runtimes: Vec<u64>,
    /// The steps at which somebody falls behind, with the priority that it falls to; ascending.
    changes: Vec<(usize, u64)>,
    next_change: usize,
    /// Whether the clock goes before actors who have not begun.
    clock_first: bool,
}

impl Pct {
    /// Looks for bugs of this depth: the number of orderings between steps that must hold for it to show.
    #[must_use]
    pub fn new(seed: u64, depth: usize) -> Self {
        Self {
            seed,
            depth: depth.max(1),
            execution: 0,
            rng: Rng::split(seed, 0),
            actors: Vec::new(),
            runtimes: Vec::new(),
            changes: Vec::new(),
            next_change: 0,
            clock_first: false,
        }
    }

    fn priority(&mut self, candidate: Candidate) -> &mut u64 {
        let (of, index) = match candidate {
            Candidate::Actor(index) => (&mut self.actors, index),
            Candidate::Runtime(index) => (&mut self.runtimes, index),
        };
        while of.len() <= index {
            of.push(self.rng.next() | 1 << 63);
        }
        &mut of[index]
    }

    fn highest(&mut self, view: &View<'_>) -> Candidate {
        view.iter()
            .max_by_key(|&candidate| *self.priority(candidate))
            .unwrap_or_else(|| view.nth(0))
    }
}

impl Strategy for Pct {
    fn name(&self) -> String {
        format!("pct({})", self.depth)
    }

    fn begin(&mut self, shape: &Shape) -> bool {
        self.execution += 1;
        self.rng = Rng::split(self.seed, self.execution);
        self.actors.clear();
        self.runtimes.clear();
        let steps = shape.steps();
        self.changes.clear();
        for priority in (1..self.depth as u64).rev() {
            self.changes.push((self.rng.below(steps), priority));
        }
        self.changes.sort_unstable();
        self.next_change = 0;
        self.clock_first = self.rng.one_in(2);
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        // The clock has a priority too: some runs let the first users finish before the others begin.
        if view.clock() && (view.count() == 0 || self.clock_first) {
            return Ok(Decision::Advance { late: 0 });
        }
        while let Some(&(step, priority)) = self.changes.get(self.next_change)
            && step <= view.step()
        {
            self.next_change += 1;
            let falls = self.highest(view);
            *self.priority(falls) = priority;
        }
        Ok(self.highest(view).decision())
    }
}
