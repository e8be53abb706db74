use std::sync::Arc;

use super::perturbed::Perturbation;
use super::{Pct, Perturbed, RandomWalk, SelectiveWalk, SparseDeviations};
use crate::interleave::strategy::Marks;
use crate::interleave::{Decision, Divergence, Run, RuntimeTopology, Shape, Strategy, View};
use crate::rng::Rng;

/// Makes a strategy of the portfolio, from a seed.
type Make = fn(u64) -> Box<dyn Strategy>;

const R: Make = |seed| Box::new(RandomWalk::new(seed));
const W: Make = |seed| Box::new(SelectiveWalk::new(seed));
const S: Make = |seed| Box::new(SparseDeviations::new(seed, 4));
const P2: Make = |seed| Box::new(Pct::new(seed, 2));
const P3: Make = |seed| Box::new(Pct::new(seed, 3));
const P4: Make = |seed| Box::new(Pct::new(seed, 4));

/// Whose turn it is.
///
/// The shares keep the worst of the shapes of `benches/shapes` as close as can be to what its best strategy alone takes: a selective
/// walk for narrow windows, also among many steps that do not matter, PCT and sparse deviations for one user who must stand still. As
/// many turns as a prime, so that a shard of the search has all of them in the same shares.
#[rustfmt::skip]
const TURNS: [Make; 31] = [
    P3, W, W, S, W, W, R, W, P4, W, W, P3, W, W, S, W,
    P2, W, W, P3, W, W, S, W, R, W, P4, W, W, P3, W,
];

/// Several strategies that share a budget, for none is safe alone: a random walk finds races in narrow windows, PCT
/// one user who must stand still while another goes far, sparse deviations what a single switch shows.
///
/// They take turns. Every execution draws its spices and its topology from the seed and the execution's number alone, so that
/// execution 17 is the same whatever the sixteen before it were.
pub struct Portfolio {
    seed: u64,
    execution: u64,
    budget: u64,
    late: u16,
    topology: Option<RuntimeTopology>,
    marks: Marks,
    chosen: Perturbed<Box<dyn Strategy>>,
    chosen_topology: RuntimeTopology,
}

impl Portfolio {
    /// Runs `budget` executions from this seed, with timers late by at most `late` milliseconds.
    #[must_use]
    pub fn new(seed: u64, budget: u64, late: u16) -> Self {
        Self {
            seed,
            execution: 0,
            budget,
            late,
            topology: None,
            marks: Marks::default(),
            chosen: Perturbed::with(Box::new(RandomWalk::new(seed)), seed, Perturbation::default()),
            chosen_topology: RuntimeTopology::One,
        }
    }

    /// Keeps to one topology instead of drawing one for each execution.
    #[must_use]
    pub fn in_topology(mut self, topology: Option<RuntimeTopology>) -> Self {
        self.topology = topology;
        self
    }

    /// The number of the execution at hand, from 1.
    #[must_use]
    pub fn execution(&self) -> u64 {
        self.execution
    }
}

impl Strategy for Portfolio {
    fn name(&self) -> String {
        self.chosen.name()
    }

    fn base_name(&self) -> String {
        self.chosen.base_name()
    }

    fn hear_marks(&mut self, marks: &Marks) {
        self.marks = Arc::clone(marks);
    }

    fn begin(&mut self, shape: &Shape) -> bool {
        if self.execution >= self.budget {
            return false;
        }
        self.execution += 1;
        let mut rng = Rng::split(self.seed ^ 0x706f_7274_666f, self.execution);
        let seed = rng.next();
        let turn = (self.execution - 1) % TURNS.len() as u64;
        let make = TURNS[usize::try_from(turn).unwrap_or_default()];
        let base = make(seed);
        let perturbation = Perturbation {
            budgets: rng.one_in(2),
            drop: shape.drops > 0 && rng.one_in(4),
            late: if shape.timers && rng.one_in(4) {
                self.late
            } else {
                0
            },
        };
        self.chosen_topology = match self.topology {
            Some(topology) => topology,
            None if shape.spawns => RuntimeTopology::ALL[rng.below(3)],
            None => RuntimeTopology::One,
        };
        self.chosen = Perturbed::with(base, seed, perturbation);
        self.chosen.hear_marks(&self.marks);
        self.chosen.begin(shape)
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        self.chosen.decide(view)
    }

    fn end(&mut self, run: &Run) {
        self.chosen.end(run);
    }

    fn layout(&self) -> Option<RuntimeTopology> {
        Some(self.chosen_topology)
    }
}

impl std::fmt::Debug for Portfolio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Portfolio")
            .field("seed", &self.seed)
            .field("execution", &self.execution)
            .field("budget", &self.budget)
            .field("chosen", &self.chosen.name())
            .finish_non_exhaustive()
    }
}

impl Strategy for Box<dyn Strategy> {
    fn name(&self) -> String {
        (**self).name()
    }

    fn base_name(&self) -> String {
        (**self).base_name()
    }

    fn hear_marks(&mut self, marks: &Marks) {
        (**self).hear_marks(marks);
    }

    fn begin(&mut self, shape: &Shape) -> bool {
        (**self).begin(shape)
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        (**self).decide(view)
    }

    fn end(&mut self, run: &Run) {
        (**self).end(run);
    }

    fn layout(&self) -> Option<RuntimeTopology> {
        (**self).layout()
    }
}
