use std::sync::Arc;

use super::cold::ColdStarts;
use super::dropped_calls::DroppedCalls;
use super::kept::KeptFailures;
use super::outlives::WhatOutlives;
use super::racing::RacingPairs;
use super::random::RandomPhase;
use super::systematic::Systematic;
use super::vacuity;
use crate::interleave::Shard;
use crate::report::Settled;
use crate::search::explorer::{Explorer, Stop};
use crate::search::target::Target;
use crate::search::target_source::TargetTree;
use crate::user::IdentityMode;

/// The executions that a soak plans its enumeration for. What waits in it is kept in memory.
const SOAK: u64 = 1_000_000;

impl<'s> Explorer<'s> {
    /// The whole search, from what failed before to what chance may find.
    pub(crate) fn everything(&mut self) -> Result<(), Stop<'s>> {
        // The first shard runs them for all.
        if self.config().shard.has(0) {
            KeptFailures::read(self)?.run(self)?;
        }
        let budget = if self.config().soak {
            u64::MAX / 2
        } else {
            self.config().executions
        };
        match self.search.targets.fixed() {
            Some((target, None)) => {
                let identity_seeds = self.identity_seeds();
                self.baseline(&target, identity_seeds[0])?;
                WhatOutlives::of(self, &target, identity_seeds[0])?.run(self, &target)?;
                let is_together = self.baselines[&identity_seeds[0]].without_solo_runs;
                if !is_together {
                    vacuity::own_secrets(self, &target, identity_seeds[0])?;
                }
                ColdStarts::of(self, &target, identity_seeds[0])?.run(self, &target)?;
                self.count_orders(&target, identity_seeds[0])?;
                self.phases(&target, None, &identity_seeds, budget)?;
                if is_together {
                    vacuity::own_secrets(self, &target, identity_seeds[0])?;
                }
                Ok(())
            }
            Some((target, Some(plan))) => {
                vacuity::own_secrets_in_time(self, &target, &plan)?;
                self.phases(&target, None, &[plan.identity_seed], budget)
            }
            None => self.generated(budget),
        }?;
        if self.summary.executions == 0 {
            return Err(vacuity::ran_nothing(self.config().shard).into());
        }
        self.sample_again()
    }

    /// The identity seeds of a check that is free to choose: the one in which users share ids first, for it shows most.
    fn identity_seeds(&self) -> Vec<u64> {
        let mut modes = self.config().identities.clone();
        modes.sort_by_key(|mode| *mode != IdentityMode::Colliding);
        modes.dedup();
        // The seed changes who the users are, too.
        modes
            .into_iter()
            .map(|mode| mode.identity_seed(self.config().seed % 1_000))
            .collect()
    }

    /// Bounded enumeration and the portfolio, then racing pairs.
    pub(super) fn phases(
        &mut self,
        target: &Arc<dyn Target>,
        tree: Option<Box<dyn TargetTree + 's>>,
        identity_seeds: &[u64],
        budget: u64,
    ) -> Result<(), Stop<'s>> {
        let found = self.all_phases(target, identity_seeds, budget);
        match found {
            Err(Stop::Found(mut failing)) => {
                failing.tree = tree;
                Err(Stop::Found(failing))
            }
            other => other,
        }
    }

    fn all_phases(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seeds: &[u64],
        budget: u64,
    ) -> Result<(), Stop<'s>> {
        let config = self.config();
        let shard = self.shard();
        let planned = if config.soak { SOAK } else { budget };
        let mut systematic = Systematic::new(config, shard, target.users(), identity_seeds, planned);
        let mut random = RandomPhase::new(config, identity_seeds, budget);
        let mut dropped = self.dropped_calls(target, identity_seeds[0], shard, budget, systematic.claim())?;
        // Alternating: what one of the three finds at once need not wait for the others.
        let mut is_first = true;
        while (std::mem::take(&mut is_first) || !self.time_is_up())
            && systematic.begun() + random.begun() + dropped.begun() < budget
        {
            let mut has_gone = false;
            if !(self.may_end_enumeration() && systematic.has_every_order()) {
                has_gone |= systematic.execute_next(self, target)?;
            }
            let is_left = !random.is_done() && random.begun() + systematic.claim() + dropped.claim() < budget;
            self.summary.settled = if is_left { self.has_settled() } else { None };
            if is_left && self.summary.settled.is_none() {
                random.execute_next(self, target, shard)?;
                has_gone = true;
            }
            if !self.time_is_up() {
                has_gone |= dropped.execute_next(self, target, identity_seeds[0])?;
            }
            if !has_gone {
                break;
            }
        }
        self.summary.dropped = dropped.complete();
        if let Some(bound) = config.preemptions
            && shard == Shard::WHOLE
        {
            self.caveats.extend(systematic.missed(bound));
        }
        if self.summary.inputs == 0 {
            self.summary.certificate = systematic.certificate();
        }
        if let Some(certificate) = &mut self.summary.certificate {
            certificate.dropped = self.summary.dropped;
        }
        RacingPairs::of(config, shard).run(self, target, identity_seeds[0])
    }

    /// Whether enumeration need not use up its share, for too little is left to see. A bound that the test asks for is reached all the same.
    fn may_end_enumeration(&self) -> bool {
        self.config().preemptions.is_none() && self.has_settled() == Some(Settled::NewIsUnlikely)
    }

    /// The sweep over dropped calls: at most a quarter of the executions, and half of those that nothing else claims. Cases of generated inputs,
    /// of which each has few executions, go without.
    fn dropped_calls(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        shard: Shard,
        budget: u64,
        claimed: u64,
    ) -> Result<DroppedCalls, Stop<'s>> {
        let most = if self.summary.inputs == 0 {
            (budget / 4).min(budget.saturating_sub(claimed) / 2)
        } else {
            0
        };
        let shape = Arc::clone(&self.baseline(target, identity_seed)?.shape);
        Ok(DroppedCalls::new(&shape, shard, most))
    }

    /// A case of generated inputs is in a shard as a whole.
    fn shard(&self) -> Shard {
        if self.summary.inputs == 0 {
            self.config().shard
        } else {
            Shard::WHOLE
        }
    }
}
