use std::iter;
use std::sync::Arc;

use crate::interleave::{Certificate, Enumeration, RuntimeTopology, Shard, Strategy as _};
use crate::report::{Caveat, Phase};
use crate::search::config::CheckConfig;
use crate::search::explorer::{Explorer, Stop};
use crate::search::target::Target;

/// The half of a search that leaves nothing to chance: bounded enumeration under one identity seed, and the schedules without a preemption
/// in the others.
#[derive(Debug)]
pub(super) struct Systematic(Vec<SeedEnumeration>);

/// What is enumerated under one identity seed.
#[derive(Debug)]
pub(super) struct SeedEnumeration {
    pub(super) identity_seed: u64,
    pub(super) enumeration: Enumeration,
    /// How many executions it may take.
    share: u64,
    pub(super) is_done: bool,
    /// Some of its schedules came to a fair end: what follows from there was not enumerated.
    pub(super) is_cut: bool,
}

impl Systematic {
    /// Out of so many executions. A quarter is always left to chance, which finds what no bound covers.
    pub(super) fn new(
        config: &CheckConfig,
        shard: Shard,
        users: usize,
        identity_seeds: &[u64],
        executions: u64,
    ) -> Self {
        if config.real_io {
            return Self(Vec::new());
        }
        let first = match config.preemptions {
            Some(_) => executions - executions / 4,
            None => at_least_the_orders(users, (executions / 4).max(1)),
        };
        let other = at_least_the_orders(users, (executions / 12).max(1));
        let shares = iter::once(first).chain(iter::repeat(other));
        let bounds = iter::once(config.preemptions.unwrap_or(u32::MAX)).chain(iter::repeat(0));
        let mut left = executions;
        let parts = identity_seeds
            .iter()
            .zip(shares.zip(bounds))
            .map(|(&identity_seed, (share, bound))| {
                let quota = share.min(left);
                left -= quota;
                SeedEnumeration {
                    identity_seed,
                    enumeration: Enumeration::new(quota, bound)
                        .in_shard(shard)
                        .waiting_for_peers(config.sockets.is_some_and(|outside| !outside.is_zero())),
                    share: quota,
                    is_done: false,
                    is_cut: false,
                }
            });
        Self(parts.collect())
    }

    /// The part whose turn it is.
    pub(super) fn at_hand(&mut self) -> Option<&mut SeedEnumeration> {
        self.0.iter_mut().find(|part| !part.is_done)
    }

    /// Runs one more execution. False where there is none.
    pub(super) fn execute_next<'s>(
        &mut self,
        explorer: &mut Explorer<'s>,
        target: &Arc<dyn Target>,
    ) -> Result<bool, Stop<'s>> {
        while let Some(part) = self.at_hand() {
            let shape = Arc::clone(&explorer.baseline(target, part.identity_seed)?.shape);
            let enumeration = &mut part.enumeration;
            if !enumeration.begin(&shape) {
                part.is_done = true;
                continue;
            }
            let topology = explorer.config().topology.unwrap_or(if shape.spawns {
                RuntimeTopology::PerActor
            } else {
                RuntimeTopology::One
            });
            if enumeration.is_in_shard() {
                explorer.execute(
                    target,
                    part.identity_seed,
                    topology,
                    enumeration,
                    Phase::Enumeration,
                )?;
                part.is_cut |= explorer.was_fair;
            } else {
                // Another shard judges and counts it; here it only shows what comes after it.
                let executions = explorer.summary.executions;
                explorer.play(
                    target,
                    part.identity_seed,
                    topology,
                    enumeration,
                    Phase::Enumeration,
                    executions,
                )?;
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// Whether every schedule without a preemption was run, under each identity seed, as far as its share goes.
    pub(super) fn has_every_order(&self) -> bool {
        self.0
            .iter()
            .all(|part| part.is_done || part.enumeration.has_every_order())
    }

    /// How many executions it has begun.
    pub(super) fn begun(&self) -> u64 {
        self.0.iter().map(|part| part.enumeration.begun()).sum()
    }

    /// How many executions it may come to: where all schedules are run, its share is not used up.
    pub(super) fn claim(&self) -> u64 {
        let claim = |part: &SeedEnumeration| {
            if part.is_done {
                part.enumeration.begun()
            } else {
                part.share
            }
        };
        self.0.iter().map(claim).sum()
    }

    /// What can be stated of the first identity seed.
    pub(super) fn certificate(&self) -> Option<Certificate> {
        let first = self.0.first()?;
        (!first.is_cut).then(|| first.enumeration.certificate())?
    }

    /// Why not every schedule with at most `bound` preemptions was run in the first identity seed, if it is so.
    pub(super) fn missed(&self, bound: u32) -> Option<Caveat> {
        let enumeration = &self.0.first()?.enumeration;
        let certificate = enumeration.certificate();
        let is_reached =
            |certificate: &Certificate| certificate.is_exhaustive() || certificate.preemptions() >= bound;
        if certificate.as_ref().is_some_and(is_reached) {
            return None;
        }
        Some(Caveat::BoundMissed {
            bound,
            executions: enumeration.begun(),
            reached: certificate,
        })
    }
}

/// The share, where that is enough for the users to come one after another in every order. Where it is not, an enumeration would
/// use it up with the last of the users changing places, and one order is as good as the next.
fn at_least_the_orders(users: usize, share: u64) -> u64 {
    let orders = (1..=users as u64).try_fold(1, u64::checked_mul);
    if orders.is_some_and(|orders| orders <= share) {
        share
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interleave::Shape;

    fn systematic(config: &CheckConfig, users: usize, executions: u64) -> Systematic {
        Systematic::new(config, Shard::WHOLE, users, &[1, 2], executions)
    }

    #[test]
    fn what_is_not_used_up_is_left_to_chance() {
        let mut systematic = systematic(&CheckConfig::default(), 3, 120);
        assert_eq!((systematic.begun(), systematic.claim()), (0, 30 + 10));
        let first = systematic.at_hand().unwrap();
        assert!(first.enumeration.begin(&Shape::of(vec![1; 3])));
        first.is_done = true;
        assert_eq!((systematic.begun(), systematic.claim()), (1, 1 + 10));
        assert_eq!(systematic.at_hand().unwrap().identity_seed, 2);
    }

    #[test]
    fn more_orders_than_can_be_run_are_not_begun() {
        let config = CheckConfig::default();
        assert_eq!(
            systematic(&config, 5, 480).claim(),
            120 + 1,
            "5! orders, 12 * 40 executions"
        );
        assert_eq!(systematic(&config, 5, 476).claim(), 1 + 1);
        assert_eq!(systematic(&config, 64, u64::MAX).claim(), 1 + 1);
        let asked_for = CheckConfig {
            preemptions: Some(2),
            ..CheckConfig::default()
        };
        assert_eq!(systematic(&asked_for, 5, 400).claim(), 300 + 1);
    }

    /// Else shards, which skip what is not theirs, would reach parts that the whole does not reach.
    #[test]
    fn no_more_is_claimed_than_there_is() {
        let asked_for = CheckConfig {
            preemptions: Some(2),
            ..CheckConfig::default()
        };
        for executions in 1..=24 {
            for config in [&CheckConfig::default(), &asked_for] {
                let claim = systematic(config, 2, executions).claim();
                assert!((1..=executions).contains(&claim), "{claim} of {executions}");
            }
        }
    }

    #[test]
    fn nothing_is_enumerated_in_real_time() {
        let config = CheckConfig {
            real_io: true,
            ..CheckConfig::default()
        };
        let mut systematic = systematic(&config, 2, 400);
        assert!(systematic.at_hand().is_none());
        assert_eq!(systematic.claim(), 0);
    }
}
