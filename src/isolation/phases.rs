use std::collections::BTreeSet;
use std::sync::Arc;

use super::chance::Chance;
use super::search::{Searching, Stop};
use super::subject::{Setting, Subject};
use super::subjects::{PlanOf, SubjectTree};
use super::systematic::Systematic;
use super::ward::Outlived;
use super::{Failure, FailureKind, alone, sightings};
use crate::interleave::{Guided, Layout, Race, Slice, Strategy as _};
use crate::rng::Rng;
use crate::user::IdentityMode;

/// The executions that a soak plans its enumeration for. What waits in it is kept in memory.
const SOAK: u64 = 1_000_000;

impl<'s> Searching<'s> {
    /// The whole search, from what failed before to what chance may find.
    pub(crate) fn everything(&mut self) -> Result<(), Stop<'s>> {
        // The first slice runs them for all.
        if self.knobs().slice.has(0) {
            self.kept_failures()?;
        }
        let budget = if self.knobs().soak {
            u64::MAX / 2
        } else {
            self.knobs().executions
        };
        match self.search.subjects.fixed() {
            Some((subject, None)) => {
                let worlds = self.worlds();
                self.ward(&subject, worlds[0])?;
                self.what_outlives(&subject, worlds[0])?;
                let is_together = self.wards[&worlds[0]].without_solo_runs;
                if !is_together {
                    self.see_own_secrets(&subject, worlds[0])?;
                }
                self.cold_starts(&subject, worlds[0])?;
                self.count_orders(&subject, worlds[0])?;
                self.phases(&subject, None, &worlds, budget)?;
                if is_together {
                    self.see_own_secrets(&subject, worlds[0])?;
                }
                Ok(())
            }
            Some((subject, Some(plan))) => {
                self.see_own_secrets_in_time(&subject, &plan)?;
                self.phases(&subject, None, &[plan.world], budget)
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
        let slice = self.knobs().slice;
        if slice == Slice::WHOLE {
            let what = "vacuous: not one execution was run, so that nothing can have been found";
            let remedy = "give the check more time (`.within(..)`, SSOT_WITHIN) or executions (`.executions(..)`, SSOT_EXECUTIONS)";
            return Failure::refused(FailureKind::Vacuous, what, remedy);
        }
        Failure::refused(
            FailureKind::Vacuous,
            format!("vacuous: slice {slice} of this search has not one execution"),
            "share the search among fewer machines (SSOT_SHARD), or give it more executions",
        )
    }

    /// A secret of somebody else that a user sees alone was handed over in an earlier execution: shown with everybody there
    /// where that is possible, that user first.
    fn what_outlives(&mut self, subject: &Arc<dyn Subject>, world: u64) -> Result<(), Stop<'s>> {
        let outlived = std::mem::take(&mut self.ward(subject, world)?.outlived);
        for Outlived {
            violation,
            number,
            first,
        } in &outlived
        {
            let caveat = self.outlived_in(world, violation, *number);
            let executions = self.summary.executions + 1;
            let mut guided = Guided::new(first);
            let played = self.play(subject, world, Layout::One, &mut guided, "a solo run", executions)?;
            self.summary.executions = executions;
            self.count("what outlives an execution");
            let Some(mut failing) = self.judged(subject, world, Layout::One, played)? else {
                continue;
            };
            if failing.violations[0].secret().is_some() {
                "a solo run".clone_into(&mut failing.found_by);
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
                let caveat = self.outlived_in(world, &violation, number);
                self.caveats.push(caveat);
                self.is_outlived_told = true;
                Err(self.outlived_alone(subject, world, violation, &first)?)
            }
        }
    }

    fn generated(&mut self, budget: u64) -> Result<(), Stop<'s>> {
        let knobs = self.knobs();
        let (cases, each) = if knobs.soak {
            (u64::MAX, (knobs.executions / u64::from(knobs.cases)).max(1))
        } else {
            let cases = u64::from(knobs.cases).min(budget);
            (cases, budget / cases)
        };
        let mut blind: BTreeSet<usize> = (0..*self.search.subjects.users().end()).collect();
        for case in 0..cases {
            if self.time_is_up() && self.summary.executions > 0 {
                break;
            }
            let seed = Rng::split(self.knobs().seed ^ 0x6361_7365, case).next();
            let tree = self
                .search
                .subjects
                .draw(seed, &self.knobs().identities)
                .map_err(|reason| {
                    Failure::refused(
                        FailureKind::Misuse,
                        format!("no inputs could be generated: {reason}"),
                        "mend the strategy for the users' actions",
                    )
                })?;
            let (subject, world) = tree.current();
            self.forget_wards();
            self.summary.inputs += 1;
            let share = each + u64::from(!knobs.soak && case < budget % cases);
            self.ward(&subject, world)?;
            let sightless = self.wards[&world].judge.blind_users();
            blind.retain(|user| *user >= subject.users() || sightless.contains(user));
            // Those of other slices are looked at only so far that a check which cannot find anything is noticed.
            if !knobs.slice.has(case) {
                continue;
            }
            self.phases(&subject, Some(tree), &[world], share)?;
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

    /// The worlds of a check that is free to choose: the one in which users share ids first, for it shows most.
    fn worlds(&self) -> Vec<u64> {
        let mut modes = self.knobs().identities.clone();
        modes.sort_by_key(|mode| *mode != IdentityMode::Colliding);
        modes.dedup();
        // The seed changes who the users are, too.
        modes
            .into_iter()
            .map(|mode| mode.world(self.knobs().seed % 1_000))
            .collect()
    }

    /// Refuses a check in which somebody never sees a secret of its own.
    fn see_own_secrets(&mut self, subject: &Arc<dyn Subject>, world: u64) -> Result<(), Stop<'s>> {
        self.ward(subject, world)?;
        let ward = &self.wards[&world];
        let is_alone = if ward.without_solo_runs { "" } else { ", alone" };
        if let Some(&user) = ward.judge.blind_users().first() {
            let name = ward.cast.member(user).name();
            let what = format!("{name} never saw a secret of its own on any surface{is_alone}");
            return Err(vacuous(&what).into());
        }
        let is_compared = self.rules.compare_alone && !ward.without_solo_runs;
        match ward.judge.uncompared_users().first() {
            Some(&user) if is_compared => {
                let name = ward.cast.member(user).name();
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
    fn see_own_secrets_in_time(&mut self, subject: &Arc<dyn Subject>, plan: &PlanOf) -> Result<(), Stop<'s>> {
        self.ward(subject, plan.world)?;
        let blind = self.wards[&plan.world].judge.blind_users();
        if blind.len() == subject.users() {
            self.caveats
                .push("in this plan nobody saw a secret of its own".to_owned());
        }
        match sightings::of_plan(&plan.test, subject.users(), &blind) {
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
        subject: &Arc<dyn Subject>,
        tree: Option<Box<dyn SubjectTree + 's>>,
        worlds: &[u64],
        budget: u64,
    ) -> Result<(), Stop<'s>> {
        let found = self.all_phases(subject, worlds, budget);
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
        subject: &Arc<dyn Subject>,
        worlds: &[u64],
        budget: u64,
    ) -> Result<(), Stop<'s>> {
        let knobs = self.knobs();
        let slice = self.slice();
        let planned = if knobs.soak { SOAK } else { budget };
        let mut systematic = Systematic::new(knobs, slice, subject.users(), worlds, planned);
        let mut chance = Chance::new(knobs, worlds, budget);
        // Turn and turn about: what one of the two finds at once need not wait for the other.
        let mut is_first = true;
        while (std::mem::take(&mut is_first) || !self.time_is_up())
            && systematic.begun() + chance.begun() < budget
        {
            let has_gone = self.go_on_systematically(subject, &mut systematic)?;
            let is_left = chance.begun() + systematic.claim() < budget;
            self.summary.settled = is_left && self.has_settled();
            if is_left && !self.summary.settled {
                self.try_by_chance(subject, &mut chance)?;
            } else if !has_gone {
                break;
            }
        }
        if let Some(bound) = knobs.preemptions
            && slice == Slice::WHOLE
        {
            self.caveats.extend(systematic.missed(bound));
        }
        if self.summary.inputs == 0 {
            self.summary.certificate = systematic.certificate();
        }
        self.racing_pairs(subject, worlds[0])
    }

    /// One more execution of the systematic half. False where there is none.
    fn go_on_systematically(
        &mut self,
        subject: &Arc<dyn Subject>,
        systematic: &mut Systematic,
    ) -> Result<bool, Stop<'s>> {
        while let Some(part) = systematic.at_hand() {
            let shape = Arc::clone(&self.ward(subject, part.world)?.shape);
            let enumeration = &mut part.enumeration;
            if !enumeration.begin(&shape) {
                part.is_done = true;
                continue;
            }
            let layout = self.knobs().layout.unwrap_or(if shape.spawns {
                Layout::PerActor
            } else {
                Layout::One
            });
            if enumeration.is_in_slice() {
                self.execute(subject, part.world, layout, enumeration, "enumeration")?;
                part.is_cut |= self.was_fair;
            } else {
                // Another slice judges and counts it; here it only shows what comes after it.
                let executions = self.summary.executions;
                self.play(
                    subject,
                    part.world,
                    layout,
                    enumeration,
                    "enumeration",
                    executions,
                )?;
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// A case of generated inputs is in a slice as a whole.
    fn slice(&self) -> Slice {
        if self.summary.inputs == 0 {
            self.knobs().slice
        } else {
            Slice::WHOLE
        }
    }

    /// One more execution that is left to chance.
    fn try_by_chance(&mut self, subject: &Arc<dyn Subject>, chance: &mut Chance<'_>) -> Result<(), Stop<'s>> {
        let world = chance.draw_world();
        let shape = Arc::clone(&self.ward(subject, world)?.shape);
        let portfolio = &mut chance.portfolio;
        if portfolio.begin(&shape) && self.slice().has(portfolio.execution()) {
            let layout = portfolio.layout().unwrap_or(Layout::One);
            self.execute(subject, world, layout, portfolio, "the portfolio")?;
        }
        Ok(())
    }

    fn racing_pairs(&mut self, subject: &Arc<dyn Subject>, world: u64) -> Result<(), Stop<'s>> {
        let slice = self.slice();
        if self.knobs().race > 0 && std::thread::available_parallelism().is_ok_and(|cores| cores.get() == 1) {
            self.caveats.push(
                "racing pairs of threads had one core, on which they hardly ever meet: run the check on two or more".to_owned(),
            );
        }
        for pair in (0..self.knobs().race).filter(|&pair| slice.has(pair)) {
            if self.time_is_up() {
                break;
            }
            self.summary.raced += 1;
            let executions = self.summary.executions + self.summary.raced;
            let cast = Arc::clone(&self.ward(subject, world)?.cast);
            self.show(subject, world, Layout::One, "racing pairs", executions);
            let setting = Setting {
                cast: &cast,
                alone: None,
                layout: Layout::One,
                real_io: false,
                logs: self.knobs().logs,
            };
            let race = Race::new(Rng::split(self.knobs().seed ^ 0x7261_6365, pair).next());
            let Some(played) = subject.race(&mut self.driver, setting, race) else {
                return Ok(());
            };
            self.is_racing = true;
            let judged = self.judged(subject, world, Layout::One, played.map_err(alone::broken)?);
            self.is_racing = false;
            let mut failing = judged?;
            if let Some(failing) = &mut failing {
                failing.raced = true;
                "racing pairs".clone_into(&mut failing.found_by);
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
