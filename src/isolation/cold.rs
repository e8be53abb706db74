use std::sync::Arc;

use super::Failure;
use super::alone;
use super::evidence::of_played;
use super::search::{Failing, Searching, Stop};
use super::subject::{Played, Setting, Subject};
use super::ward::Ward;
use crate::interleave::{Decision, Enumeration, Guided, Layout, Strategy};
use crate::oracle::{Judge, Rules, Violation};
use crate::user::{Cast, IdentityMode};

/// How many executions begin in a world in which nobody was ever alone, where that makes a difference.
const COLD: u64 = 64;

/// Worlds from here on are used once.
const FIRST_WORLD: u64 = 1_000_000;

impl<'s> Searching<'s> {
    /// Where a user's first solo run took a course of its own, something is kept from then on, and the first way is not taken
    /// again with these identities. With others it is: schedules with few preemptions, each with identities of its own and
    /// without solo runs before it.
    pub(crate) fn cold_starts(&mut self, subject: &Arc<dyn Subject>, world: u64) -> Result<(), Stop<'s>> {
        let knobs = self.knobs();
        let ward = self.ward(subject, world)?;
        if ward.cold.is_empty() || ward.without_solo_runs || knobs.real_io {
            return Ok(());
        }
        let shape = Arc::clone(&ward.shape);
        let layout = knobs.layout.unwrap_or(if shape.spawns {
            Layout::PerActor
        } else {
            Layout::One
        });
        let mode = IdentityMode::of_world(world);
        let mut enumeration = Enumeration::new(COLD.min(knobs.executions), 2);
        for number in 0.. {
            if self.time_is_up() || !enumeration.begin(&shape) {
                break;
            }
            let world = mode.world(FIRST_WORLD + number);
            let (cast, played) = self.play_cold(subject, world, layout, &mut enumeration)?;
            if played.run.divergence().is_some() {
                continue;
            }
            self.summary.executions += 1;
            self.count("cold starts");
            let violations = judge_cold(cast, &self.rules, &played);
            if violations.iter().any(|violation| violation.secret().is_some()) {
                return Err(Stop::Found(Box::new(Failing {
                    subject: Arc::clone(subject),
                    tree: None,
                    world,
                    layout,
                    played,
                    violations,
                    found_by: "a cold start".to_owned(),
                    raced: false,
                    cold: true,
                })));
            }
        }
        Ok(())
    }

    /// One execution in a world in which nobody was alone before.
    pub(crate) fn play_cold(
        &mut self,
        subject: &Arc<dyn Subject>,
        world: u64,
        layout: Layout,
        strategy: &mut dyn Strategy,
    ) -> Result<(Arc<Cast>, Played), Failure> {
        let knobs = self.knobs();
        let cast = Cast::draw(world, subject.users());
        subject.mint(&cast);
        match self.wards.values().next() {
            Some(ward) => ward.limit(&mut self.driver, knobs),
            None => Ward::limit_unknown(&mut self.driver, knobs),
        }
        self.show(subject, world, layout, "a cold start", self.summary.executions);
        let setting = Setting {
            cast: &cast,
            alone: None,
            layout,
            real_io: knobs.real_io,
            logs: knobs.logs,
        };
        let played = subject
            .play(&mut self.driver, setting, strategy)
            .map_err(alone::broken)?;
        self.note(&played);
        Ok((cast, played))
    }

    /// Somebody else's secret that a user saw alone, and that did not show with everybody there.
    pub(crate) fn outlived_alone(
        &mut self,
        subject: &Arc<dyn Subject>,
        world: u64,
        violation: Violation,
        first: &[Decision],
    ) -> Result<Stop<'s>, Failure> {
        let executions = self.summary.executions;
        let mut guided = Guided::new(first);
        let played = self.play(subject, world, Layout::One, &mut guided, "a solo run", executions)?;
        Ok(Stop::Found(Box::new(Failing {
            subject: Arc::clone(subject),
            tree: None,
            world,
            layout: Layout::One,
            played,
            violations: vec![violation],
            found_by: "a solo run".to_owned(),
            raced: false,
            cold: true,
        })))
    }
}

/// What is wrong with an execution in which nobody was alone before: others' secrets, hangs.
pub(crate) fn judge_cold(cast: Arc<Cast>, rules: &Rules, played: &Played) -> Vec<Violation> {
    let rules = Rules {
        compare_alone: false,
        together: true,
        ..rules.clone()
    };
    let mut judge = Judge::new(cast, Arc::new(rules));
    of_played(played, None, |evidence| judge.judge(evidence))
}
