//! One strategy and no other.

use protocol::Dice;
use ssot_harness::interleave::{
    Decision, Divergence, Perturbed, Run, RuntimeTopology, Shape as Facts, Strategy, View,
};

use crate::shapes::{Depth, Shape};

/// What a single strategy knows of the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Knowledge {
    /// As little as the portfolio does. It has drops, late timers and await budgets mixed in a quarter of the time, and
    /// draws a topology where the system spawns, so that what differs is the strategy.
    Nothing,
    /// Whether drops, late timers or await budgets are needed, and which topology: the best that somebody could choose
    /// who knows the fault.
    Needs,
}

/// A strategy with and without drops, late timers and await budgets mixed in.
pub(crate) struct Single {
    plain: Box<dyn Strategy>,
    mixed: Perturbed<Box<dyn Strategy>>,
    knowledge: Knowledge,
    depth: Depth,
    seed: u64,
    execution: u64,
    is_mixed: bool,
    topology: RuntimeTopology,
}

impl Single {
    pub(crate) fn new(
        plain: Box<dyn Strategy>,
        mixed: Perturbed<Box<dyn Strategy>>,
        knowledge: Knowledge,
        shape: &Shape,
        seed: u64,
    ) -> Self {
        Self {
            plain,
            mixed,
            knowledge,
            depth: shape.depth,
            seed,
            execution: 0,
            is_mixed: false,
            topology: RuntimeTopology::One,
        }
    }

    fn chosen(&mut self) -> &mut dyn Strategy {
        if self.is_mixed {
            &mut self.mixed
        } else {
            &mut *self.plain
        }
    }
}

impl Strategy for Single {
    fn name(&self) -> String {
        self.plain.name()
    }

    fn begin(&mut self, facts: &Facts) -> bool {
        self.execution += 1;
        let Depth {
            drops,
            late_timers,
            ready_awaits,
            inversions,
            preemptions: _,
        } = self.depth;
        let mut dice = Dice::new(self.seed, self.execution);
        (self.is_mixed, self.topology) = match self.knowledge {
            Knowledge::Nothing if facts.spawns => (dice.below(4) == 0, RuntimeTopology::ALL[dice.below(3)]),
            Knowledge::Nothing => (dice.below(4) == 0, RuntimeTopology::One),
            Knowledge::Needs if inversions > 0 => {
                (drops + late_timers + ready_awaits > 0, RuntimeTopology::PerPoll)
            }
            Knowledge::Needs => (drops + late_timers + ready_awaits > 0, RuntimeTopology::One),
        };
        self.chosen().begin(facts)
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        self.chosen().decide(view)
    }

    fn end(&mut self, run: &Run) {
        self.chosen().end(run);
    }

    fn layout(&self) -> Option<RuntimeTopology> {
        Some(self.topology)
    }
}
