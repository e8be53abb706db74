use super::config::CheckConfig;
use crate::interleave::Portfolio;
use crate::rng::Rng;

/// The half of a search that is left to chance: the portfolio, under one identity seed after another.
#[derive(Debug)]
pub(super) struct RandomPhase<'w> {
    pub(super) portfolio: Portfolio,
    identity_seeds: &'w [u64],
    rng: Rng,
}

impl<'w> RandomPhase<'w> {
    /// At most so many executions.
    pub(super) fn new(config: &CheckConfig, identity_seeds: &'w [u64], executions: u64) -> Self {
        Self {
            portfolio: Portfolio::new(config.seed, executions, config.late_millis())
                .in_topology(config.topology),
            identity_seeds,
            rng: Rng::split(config.seed, 0x776f_726c_6473),
        }
    }

    /// How many executions it has begun.
    pub(super) fn begun(&self) -> u64 {
        self.portfolio.execution()
    }

    /// The identity seed of the next.
    pub(super) fn draw_identity_seed(&mut self) -> u64 {
        self.identity_seeds[self.rng.below(self.identity_seeds.len())]
    }
}
