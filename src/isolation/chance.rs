use super::knobs::Knobs;
use crate::interleave::Portfolio;
use crate::rng::Rng;

/// The half of a search that is left to chance: the portfolio, in one world after another.
#[derive(Debug)]
pub(super) struct Chance<'w> {
    pub(super) portfolio: Portfolio,
    worlds: &'w [u64],
    rng: Rng,
}

impl<'w> Chance<'w> {
    /// At most so many executions.
    pub(super) fn new(knobs: &Knobs, worlds: &'w [u64], executions: u64) -> Self {
        Self {
            portfolio: Portfolio::new(knobs.seed, executions, knobs.late_millis()).in_layout(knobs.layout),
            worlds,
            rng: Rng::split(knobs.seed, 0x776f_726c_6473),
        }
    }

    /// How many executions it has begun.
    pub(super) fn begun(&self) -> u64 {
        self.portfolio.execution()
    }

    /// The world of the next.
    pub(super) fn draw_world(&mut self) -> u64 {
        self.worlds[self.rng.below(self.worlds.len())]
    }
}
