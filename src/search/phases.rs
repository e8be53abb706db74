use std::collections::BTreeSet;
use std::sync::Arc;

use super::baseline::Outlived;
use super::explorer::{Explorer, Stop};
use super::random::RandomPhase;
use super::systematic::Systematic;
use super::target::{Setting, Target};
use super::target_source::{PlanOf, TargetTree};
use super::{alone, vacuity};
use crate::interleave::{Guided, Race, RuntimeTopology, Shard, Strategy as _};
use crate::report::{Caveat, Phase, Portion};
use crate::report::{Failure, FailureKind};
use crate::rng::Rng;
use crate::user::IdentityMode;

/// The executions that a soak plans its enumeration for. What waits in it is kept in memory.
const SOAK: u64 = 1_000_000;

impl<'s> Explorer<'s> {
    /// The whole search, from what failed before to what chance may find.
    pub(crate) fn everything(&mut self) -> Result<(), Stop<'s>> {
        // The first shard runs them for all.
        if self.config().shard.has(0) {
            self.kept_failures()?;
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
                self.what_outlives(&target, identity_seeds[0])?;
                let is_together = self.baselines[&identity_seeds[0]].without_solo_runs;
                if !is_together {
                    self.see_own_secrets(&target, identity_seeds[0])?;
                }
                self.cold_starts(&target, identity_seeds[0])?;
                self.count_orders(&target, identity_seeds[0])?;
                self.phases(&target, None, &identity_seeds, budget)?;
                if is_together {
                    self.see_own_secrets(&target, identity_seeds[0])?;
                }
                Ok(())
            }
            Some((target, Some(plan))) => {
                self.see_own_secrets_in_time(&target, &plan)?;
                self.phases(&target, None, &[plan.identity_seed], budget)
            }
            None => self.generated(budget),
        }?;
        if self.summary.executions == 0 {
            return Err(self.ran_nothing().into());
        }
        self.sample_again()
    }

    /// A check that looked at nothing does not pass.
    fn ran_nothing(&self) -> Failure {
        let shard = self.config().shard;
        if shard == Shard::WHOLE {
            let what = "vacuous: not one execution was run, so that nothing can have been found";
            let remedy = "give the check more time (`.within(..)`, SSOT_WITHIN) or executions (`.executions(..)`, SSOT_EXECUTIONS)";
            return Failure::refused(FailureKind::Vacuous, what, remedy);
        }
        Failure::refused(
            FailureKind::Vacuous,
            format!("vacuous: shard {shard} of this search has not one execution"),
            "share the search among fewer machines (SSOT_SHARD), or give it more executions",
        )
    }

    /// A secret of somebody else that a user sees alone was handed over in an earlier execution: shown with everybody there
    /// where that is possible, that user first.
    fn what_outlives(&mut self, target: &Arc<dyn Target>, identity_seed: u64) -> Result<(), Stop<'s>> {
        let outlived = std::mem::take(&mut self.baseline(target, identity_seed)?.outlived);
        for Outlived {
            violation,
            number,
            first,
        } in &outlived
        {
            let caveat = self.outlived_in(identity_seed, violation, *number);
            let executions = self.summary.executions + 1;
            let mut guided = Guided::new(first);
            let record = self.play(
                target,
                identity_seed,
                RuntimeTopology::One,
                &mut guided,
                Phase::WhatOutlives,
                executions,
            )?;
            self.summary.executions = executions;
            self.count(Portion::Phase(Phase::WhatOutlives));
            let Some(failing) = self.judged(
                target,
                identity_seed,
                RuntimeTopology::One,
                record,
                Phase::WhatOutlives,
            )?
            else {
                continue;
            };
            if failing.violations[0].secret().is_some() {
                self.caveats.push(caveat);
                self.is_outlived_told = true;
                return Err(Stop::Found(failing));
            }
        }
        match outlived.into_iter().next() {
            None => Ok(()),
            Some(Outlived {
                violation,
                number,
                first,
            }) => {
                let caveat = self.outlived_in(identity_seed, &violation, number);
                self.caveats.push(caveat);
                self.is_outlived_told = true;
                Err(self.outlived_alone(target, identity_seed, violation, &first)?)
            }
        }
    }

    fn generated(&mut self, budget: u64) -> Result<(), Stop<'s>> {
        let config = self.config();
        let (cases, each) = if config.soak {
            (u64::MAX, (config.executions / u64::from(config.cases)).max(1))
        } else {
            let cases = u64::from(config.cases).min(budget);
            (cases, budget / cases)
        };
        let mut blind: BTreeSet<usize> = (0..*self.search.targets.users().end()).collect();
        for case in 0..cases {
            if self.time_is_up() && self.summary.executions > 0 {
                break;
            }
            let seed = Rng::split(self.config().seed ^ 0x6361_7365, case).next();
            let tree = self
                .search
                .targets
                .draw(seed, &self.config().identities)
                .map_err(|reason| {
                    Failure::refused(
                        FailureKind::Misuse,
                        format!("no inputs could be generated: {reason}"),
                        "mend the strategy for the users' actions",
                    )
                })?;
            let (target, identity_seed) = tree.current();
            self.forget_baselines();
            self.summary.inputs += 1;
            let share = each + u64::from(!config.soak && case < budget % cases);
            self.baseline(&target, identity_seed)?;
            let sightless = self.baselines[&identity_seed].judge.blind_users();
            blind.retain(|user| *user >= target.users() || sightless.contains(user));
            // Those of other shards are looked at only so far that a check which cannot find anything is noticed.
            if !config.shard.has(case) {
                continue;
            }
            self.phases(&target, Some(tree), &[identity_seed], share)?;
        }
        match blind.first() {
            Some(&user) if !self.out_of_time => {
                let name = crate::user::name(user);
                Err(vacuous(&format!(
                    "in none of {cases} sets of inputs {name} saw a secret of its own"
                ))
                .into())
            }
            _ => Ok(()),
        }
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

    /// Refuses a check in which somebody never sees a secret of its own.
    fn see_own_secrets(&mut self, target: &Arc<dyn Target>, identity_seed: u64) -> Result<(), Stop<'s>> {
        self.baseline(target, identity_seed)?;
        let baseline = &self.baselines[&identity_seed];
        let is_alone = if baseline.without_solo_runs { "" } else { ", alone" };
        if let Some(&user) = baseline.judge.blind_users().first() {
            let name = baseline.population.identity(user).name();
            let what = format!("{name} never saw a secret of its own on any surface{is_alone}");
            return Err(vacuous(&what).into());
        }
        let is_compared = self.rules.compare_alone && !baseline.without_solo_runs;
        match baseline.judge.uncompared_users().first() {
            Some(&user) if is_compared => {
                let name = baseline.population.identity(user).name();
                Err(Failure::refused(
                    FailureKind::Vacuous,
                    format!(
                        "vacuous: everything that {name} sees alone may differ by `.allow(..)` or `.may_differ(..)`, so that nothing is compared"
                    ),
                    "declare what differs more narrowly, by surface and JSON pointer; where nothing is to be compared, say so with                      `.without_solo_comparison()`; what is shared on purpose is declared with `.shared(..)`",
                )
                .into())
            }
            _ => Ok(()),
        }
    }

    /// The same for one plan of many.
    fn see_own_secrets_in_time(&mut self, target: &Arc<dyn Target>, plan: &PlanOf) -> Result<(), Stop<'s>> {
        self.baseline(target, plan.identity_seed)?;
        let blind = self.baselines[&plan.identity_seed].judge.blind_users();
        if blind.len() == target.users() {
            self.caveats.push(Caveat::NoSecretInPlan);
        }
        match vacuity::of_plan(&plan.test, target.users(), &blind) {
            None => Ok(()),
            Some(user) => {
                let name = crate::user::name(user);
                Err(vacuous(&format!("in none of many plans {name} saw a secret of its own")).into())
            }
        }
    }

    /// Bounded enumeration and the portfolio, then racing pairs.
    fn phases(
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
        // Alternating: what one of the two finds at once need not wait for the other.
        let mut is_first = true;
        while (std::mem::take(&mut is_first) || !self.time_is_up())
            && systematic.begun() + random.begun() < budget
        {
            let has_gone = self.go_on_systematically(target, &mut systematic)?;
            let is_left = !random.is_done() && random.begun() + systematic.claim() < budget;
            self.summary.settled = is_left && self.has_settled();
            if is_left && !self.summary.settled {
                self.try_at_random(target, &mut random)?;
            } else if !has_gone {
                break;
            }
        }
        if let Some(bound) = config.preemptions
            && shard == Shard::WHOLE
        {
            self.caveats.extend(systematic.missed(bound));
        }
        if self.summary.inputs == 0 {
            self.summary.certificate = systematic.certificate();
        }
        self.racing_pairs(target, identity_seeds[0])
    }

    /// One more execution of the systematic half. False where there is none.
    fn go_on_systematically(
        &mut self,
        target: &Arc<dyn Target>,
        systematic: &mut Systematic,
    ) -> Result<bool, Stop<'s>> {
        while let Some(part) = systematic.at_hand() {
            let shape = Arc::clone(&self.baseline(target, part.identity_seed)?.shape);
            let enumeration = &mut part.enumeration;
            if !enumeration.begin(&shape) {
                part.is_done = true;
                continue;
            }
            let topology = self.config().topology.unwrap_or(if shape.spawns {
                RuntimeTopology::PerActor
            } else {
                RuntimeTopology::One
            });
            if enumeration.is_in_shard() {
                self.execute(
                    target,
                    part.identity_seed,
                    topology,
                    enumeration,
                    Phase::Enumeration,
                )?;
                part.is_cut |= self.was_fair;
            } else {
                // Another shard judges and counts it; here it only shows what comes after it.
                let executions = self.summary.executions;
                self.play(
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

    /// A case of generated inputs is in a shard as a whole.
    fn shard(&self) -> Shard {
        if self.summary.inputs == 0 {
            self.config().shard
        } else {
            Shard::WHOLE
        }
    }

    /// One more execution of the random phase.
    fn try_at_random(
        &mut self,
        target: &Arc<dyn Target>,
        random: &mut RandomPhase<'_>,
    ) -> Result<(), Stop<'s>> {
        let identity_seed = random.draw_identity_seed();
        let shape = Arc::clone(&self.baseline(target, identity_seed)?.shape);
        if random.begin(&shape) && self.shard().has(random.begun()) {
            let topology = random.topology(&shape);
            let phase = random.phase();
            self.execute(target, identity_seed, topology, &mut *random.strategy, phase)?;
        }
        Ok(())
    }

    fn racing_pairs(&mut self, target: &Arc<dyn Target>, identity_seed: u64) -> Result<(), Stop<'s>> {
        let shard = self.shard();
        if self.config().race > 0 && std::thread::available_parallelism().is_ok_and(|cores| cores.get() == 1)
        {
            self.caveats.push(Caveat::OneCore);
        }
        for pair in (0..self.config().race).filter(|&pair| shard.has(pair)) {
            if self.time_is_up() {
                break;
            }
            self.summary.raced += 1;
            let executions = self.summary.executions + self.summary.raced;
            let population = Arc::clone(&self.baseline(target, identity_seed)?.population);
            self.show(
                target,
                identity_seed,
                RuntimeTopology::One,
                Phase::RacingPairs,
                executions,
            );
            let setting = Setting {
                population: &population,
                alone: None,
                topology: RuntimeTopology::One,
                real_io: false,
                logs: self.config().logs,
            };
            let race = Race::new(Rng::split(self.config().seed ^ 0x7261_6365, pair).next());
            let Some(record) = target.race(&mut self.driver, setting, race) else {
                return Ok(());
            };
            self.is_racing = true;
            let judged = self.judged(
                target,
                identity_seed,
                RuntimeTopology::One,
                record.map_err(alone::broken)?,
                Phase::RacingPairs,
            );
            self.is_racing = false;
            let mut failing = judged?;
            if let Some(failing) = &mut failing {
                failing.raced = true;
            }
            if let Some(failing) = failing {
                return Err(Stop::Found(failing));
            }
        }
        Ok(())
    }
}

fn vacuous(what: &str) -> Failure {
    Failure::refused(
        FailureKind::Vacuous,
        format!("vacuous: {what}; the check could not have found anything"),
        "let each script hand the system a secret (`user.secret(..)`) and tell where it comes back (`user.saw(..)`)",
    )
}
