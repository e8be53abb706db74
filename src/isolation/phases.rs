use std::collections::BTreeSet;
use std::sync::Arc;

use super::search::{Searching, Stop};
use super::subject::{Setting, Subject};
use super::subjects::{PlanOf, SubjectTree};
use super::{Failure, FailureKind, sightings, ward};
use crate::interleave::{Enumeration, Layout, Portfolio, Race, Slice, Strategy};
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
                self.see_own_secrets(&subject, worlds[0])?;
                self.count_orders(&subject, worlds[0])?;
                self.phases(&subject, None, &worlds, budget)
            }
            Some((subject, Some(plan))) => {
                self.see_own_secrets_in_time(&subject, &plan)?;
                self.phases(&subject, None, &[plan.world], budget)
            }
            None => self.generated(budget),
        }?;
        self.sample_again()
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
            if self.time_is_up() {
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
            self.wards.clear();
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
        match ward.judge.blind_users().first() {
            None => Ok(()),
            Some(&user) => {
                let name = ward.cast.member(user).name();
                Err(vacuous(&format!(
                    "{name} never saw a secret of its own on any surface, alone"
                ))
                .into())
            }
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

    /// Bounded enumeration, the serial schedules of the other worlds, the portfolio, racing pairs.
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
        let mut left_to_chance = budget;
        if !knobs.real_io {
            let budget = if knobs.soak { SOAK } else { budget };
            // A quarter is always left for other worlds and for chance, which find what no bound covers.
            let share = if knobs.preemptions.is_some() {
                budget - budget / 4
            } else {
                (budget / 4).max(1)
            };
            let mut enumeration =
                Enumeration::new(share, knobs.preemptions.unwrap_or(u32::MAX)).in_slice(slice);
            self.enumerate(subject, worlds[0], &mut enumeration)?;
            left_to_chance -= enumeration.begun();
            if let Some(bound) = knobs.preemptions
                && slice == Slice::WHOLE
                && bound_missed(&enumeration, bound)
            {
                let reached = enumeration.certificate().map_or_else(
                    || "not even those without a preemption were all run".to_owned(),
                    |certificate| certificate.to_string(),
                );
                self.caveats.push(format!(
                    "asked for every schedule with at most {bound} preemptions, and {} executions were not enough: {reached}",
                    enumeration.begun()
                ));
            }
            if self.summary.inputs == 0 {
                self.summary.certificate = enumeration.certificate();
            }
            for &world in &worlds[1..] {
                let mut serial = Enumeration::new((budget / 12).max(1), 0).in_slice(slice);
                self.enumerate(subject, world, &mut serial)?;
                left_to_chance = left_to_chance.saturating_sub(serial.begun());
            }
        }
        self.portfolio(subject, worlds, left_to_chance)?;
        self.racing_pairs(subject, worlds[0])
    }

    fn enumerate(
        &mut self,
        subject: &Arc<dyn Subject>,
        world: u64,
        enumeration: &mut Enumeration,
    ) -> Result<(), Stop<'s>> {
        let shape = self.ward(subject, world)?.shape.clone();
        let layout = self.knobs().layout.unwrap_or(if shape.spawns {
            Layout::PerActor
        } else {
            Layout::One
        });
        while !self.time_is_up() && !self.time_to_leave_to_chance() && enumeration.begin(&shape) {
            if enumeration.is_in_slice() {
                self.execute(subject, world, layout, enumeration, "enumeration")?;
            } else {
                // Another slice judges and counts it; here it only shows what comes after it.
                let executions = self.summary.executions;
                self.play(subject, world, layout, enumeration, "enumeration", executions)?;
            }
        }
        Ok(())
    }

    /// A case of generated inputs is in a slice as a whole.
    fn slice(&self) -> Slice {
        if self.summary.inputs == 0 {
            self.knobs().slice
        } else {
            Slice::WHOLE
        }
    }

    fn portfolio(&mut self, subject: &Arc<dyn Subject>, worlds: &[u64], budget: u64) -> Result<(), Stop<'s>> {
        let knobs = self.knobs();
        let mut portfolio = Portfolio::new(knobs.seed, budget, knobs.late_millis()).in_layout(knobs.layout);
        let mut rng = Rng::split(knobs.seed, 0x776f_726c_6473);
        while !self.time_is_up() && !self.has_settled() {
            let world = worlds[rng.below(worlds.len())];
            let shape = self.ward(subject, world)?.shape.clone();
            if !portfolio.begin(&shape) {
                break;
            }
            if !self.slice().has(portfolio.execution()) {
                continue;
            }
            let layout = portfolio.layout().unwrap_or(Layout::One);
            self.execute(subject, world, layout, &mut portfolio, "the portfolio")?;
        }
        Ok(())
    }

    fn racing_pairs(&mut self, subject: &Arc<dyn Subject>, world: u64) -> Result<(), Stop<'s>> {
        let slice = self.slice();
        for pair in (0..self.knobs().race).filter(|&pair| slice.has(pair)) {
            if self.time_is_up() {
                break;
            }
            self.summary.executions += 1;
            self.count("racing pairs");
            let executions = self.summary.executions;
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
            let mut failing = self.judged(subject, world, Layout::One, played.map_err(ward::broken)?)?;
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

fn bound_missed(enumeration: &Enumeration, bound: u32) -> bool {
    enumeration
        .certificate()
        .is_none_or(|certificate| !certificate.is_exhaustive() && certificate.preemptions() < bound)
}

fn vacuous(what: &str) -> Failure {
    Failure::refused(
        FailureKind::Vacuous,
        format!("vacuous: {what}; the check could not have found anything"),
        "let each script hand the system a secret (`user.secret(..)`) and tell where it comes back (`user.saw(..)`)",
    )
}
