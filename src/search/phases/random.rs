use std::fmt;
use std::sync::Arc;

use crate::interleave::{Marks, Portfolio, RuntimeTopology, Shape, Shard, Strategy};
use crate::report::Phase;
use crate::rng::Rng;
use crate::search::config::CheckConfig;
use crate::search::explorer::{Explorer, Stop};
use crate::search::target::Target;

/// The random phase of a search: the portfolio, or a strategy in its place, under one identity seed after another.
pub(super) struct RandomPhase<'w> {
    pub(super) strategy: Box<dyn Strategy>,
    is_portfolio: bool,
    topology: Option<RuntimeTopology>,
    budget: u64,
    begun: u64,
    is_done: bool,
    identity_seeds: &'w [u64],
    rng: Rng,
}

impl<'w> RandomPhase<'w> {
    /// At most so many executions.
    pub(super) fn new(config: &CheckConfig, identity_seeds: &'w [u64], executions: u64) -> Self {
        let portfolio = || {
            let portfolio = Portfolio::new(config.seed, executions, config.late_millis());
            Box::new(portfolio.in_topology(config.topology))
        };
        Self {
            strategy: config
                .strategy
                .as_ref()
                .map_or_else(|| portfolio() as Box<dyn Strategy>, |strategy| strategy.make()),
            is_portfolio: config.strategy.is_none(),
            topology: config.topology,
            budget: executions,
            begun: 0,
            is_done: false,
            identity_seeds,
            rng: Rng::split(config.seed, 0x776f_726c_6473),
        }
    }

    /// Begins the next execution. False where there is none left.
    pub(super) fn begin(&mut self, shape: &Shape, marks: &Marks) -> bool {
        self.strategy.hear_marks(marks);
        self.is_done = self.begun >= self.budget || !self.strategy.begin(shape);
        self.begun += u64::from(!self.is_done);
        !self.is_done
    }

    /// Runs one more execution, where it is of this shard.
    pub(super) fn execute_next<'s>(
        &mut self,
        explorer: &mut Explorer<'s>,
        target: &Arc<dyn Target>,
        shard: Shard,
    ) -> Result<(), Stop<'s>> {
        let identity_seed = self.draw_identity_seed();
        let baseline = explorer.baseline(target, identity_seed)?;
        let (shape, marks) = (Arc::clone(&baseline.shape), Arc::clone(&baseline.marks));
        if self.begin(&shape, &marks) && shard.has(self.begun()) {
            let topology = self.topology(&shape);
            let phase = self.phase();
            explorer.execute(target, identity_seed, topology, &mut *self.strategy, phase)?;
        }
        Ok(())
    }

    /// How many executions it has begun; the number of the one at hand.
    pub(super) fn begun(&self) -> u64 {
        self.begun
    }

    /// Whether the strategy has none left.
    pub(super) fn is_done(&self) -> bool {
        self.is_done
    }

    /// The topology of the execution at hand.
    pub(super) fn topology(&self, shape: &Shape) -> RuntimeTopology {
        let chosen = if self.is_portfolio { None } else { self.topology };
        chosen
            .or_else(|| self.strategy.layout())
            .unwrap_or(if shape.spawns {
                RuntimeTopology::PerActor
            } else {
                RuntimeTopology::One
            })
    }

    /// What progress reports call the phase.
    pub(super) fn phase(&self) -> Phase {
        if self.is_portfolio {
            Phase::Portfolio
        } else {
            Phase::OwnStrategy
        }
    }

    /// The identity seed of the next.
    pub(super) fn draw_identity_seed(&mut self) -> u64 {
        self.identity_seeds[self.rng.below(self.identity_seeds.len())]
    }
}

impl fmt::Debug for RandomPhase<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RandomPhase")
            .field("strategy", &self.strategy.name())
            .field("begun", &self.begun)
            .finish_non_exhaustive()
    }
}
