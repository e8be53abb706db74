//! Solo runs that are repeated once an execution differs from them, for what a user may meet alone as well.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Baseline;
use crate::interleave::{
    Decision, Driver, Ending, Guided, Perturbation, Perturbed, RandomWalk, Run, RuntimeTopology, Serial,
    Strategy,
};
use crate::search::alone::Solo;
use crate::search::config::CheckConfig;
use crate::search::evidence::of_record;
use crate::search::target::Target;

/// How many more solo runs tell whether a difference from the first is nobody's doing: at least, and where they take little time.
const AGAIN: (usize, usize) = (5, 40);
const LITTLE: Duration = Duration::from_millis(300);

/// What was learnt by those is not asked for again before this much time has gone by, for what differs may be the time.
const FRESH: Duration = Duration::from_millis(900);

/// How many solo runs under schedules of chance show what a user may see alone, without late timers and with them.
const ALTERNATIVES: u64 = 16;

/// How many of them, twice, have ready awaits interrupted.
const BUDGETS: u64 = 64;

/// Time that passes without late timers passes by a millisecond, or by such a part of what is left.
const PARTS: u128 = 64;

impl Baseline {
    /// Repeats a user's solo run, for what differs by itself; and runs it under other schedules, that of `run` among them, for
    /// what depends on the order of the user's own tasks and timers.
    pub(crate) fn check_alone(
        &mut self,
        target: &dyn Target,
        driver: &mut Driver,
        config: &CheckConfig,
        user: usize,
        run: &Run,
        is_late: bool,
    ) {
        if self.without_solo_runs {
            return;
        }
        let population = Arc::clone(&self.population);
        let mut solo = Solo::new(target, config, &population, user);
        let checked = self.checked[user];
        solo.fair_after = checked.fair_after;
        if checked.noise.is_none_or(|at| at.elapsed() > FRESH) {
            let begun = Instant::now();
            for number in 0..AGAIN.1 {
                if number >= AGAIN.0 && begun.elapsed() > LITTLE {
                    break;
                }
                // One that cannot be built, this time, says nothing about the others.
                let Ok(again) = solo.again(driver) else { break };
                self.executions += 1;
                self.learn_noise(user, &again);
            }
            self.checked[user].noise = Some(Instant::now());
        }
        if config.real_io {
            return;
        }
        let own = own_decisions(run, user, is_late);
        self.learn_alternative(&solo, driver, run.topology, &mut Guided::new(&own).with_passes());
        if !checked.alternatives {
            self.checked[user].alternatives = true;
            for seed in 0..ALTERNATIVES {
                self.learn_alternative(&solo, driver, run.topology, &mut RandomWalk::new(seed));
            }
        }
        let polls: Vec<_> = own
            .iter()
            .copied()
            .filter(|own| !matches!(own, Decision::Step { .. }))
            .collect();
        let mut tasks_first = Guided::new(&polls).with_passes().with_tasks_first();
        self.learn_alternative(&solo, driver, run.topology, &mut tasks_first);
        let has_budgets = own.iter().any(|own| matches!(own, Decision::RunWithin { .. }));
        if has_budgets && !checked.budget_alternatives[usize::from(is_late)] {
            self.checked[user].budget_alternatives[usize::from(is_late)] = true;
            let late = if is_late { config.late_millis() } else { 0 };
            self.learn_budgets(&solo, driver, run.topology, late);
        }
        if is_late && !checked.late_alternatives {
            self.checked[user].late_alternatives = true;
            for seed in 0..ALTERNATIVES {
                let mut late = Perturbed::late(RandomWalk::new(seed), seed, config.late_millis());
                self.learn_alternative(&solo, driver, run.topology, &mut late);
                let mut late = Perturbed::late(Serial, seed, config.late_millis());
                self.learn_alternative(&solo, driver, run.topology, &mut late);
            }
        }
    }

    /// Where ready awaits were interrupted, those of a user alone are, too. Which of the tasks that ran between were the user's
    /// is not known, so that chance has to find a course like its own.
    fn learn_budgets(&mut self, solo: &Solo<'_>, driver: &mut Driver, topology: RuntimeTopology, late: u16) {
        let perturbation = Perturbation {
            budgets: true,
            late,
            ..Perturbation::default()
        };
        for seed in 0..BUDGETS {
            self.learn_alternative(
                solo,
                driver,
                topology,
                &mut Perturbed::with(RandomWalk::new(seed), seed, perturbation),
            );
            self.learn_alternative(
                solo,
                driver,
                topology,
                &mut Perturbed::with(Serial, seed, perturbation),
            );
        }
    }

    fn learn_alternative(
        &mut self,
        solo: &Solo<'_>,
        driver: &mut Driver,
        topology: RuntimeTopology,
        strategy: &mut dyn Strategy,
    ) {
        strategy.begin(&self.shape);
        let Ok(record) = solo.play(driver, topology, strategy) else {
            return;
        };
        self.executions += 1;
        if matches!(record.run.ending(), Ending::Done | Ending::Panicked { .. }) {
            of_record(&record, Some(solo.user), |evidence| {
                self.judge.learn_alternative(solo.user, evidence);
            });
        }
    }
}

/// What an execution with everybody decides about one user, for a solo run: the user's polls and those of its tasks, each at
/// the time at which it was.
fn own_decisions(run: &Run, user: usize, is_late: bool) -> Vec<Decision> {
    let mut own = Vec::new();
    let (mut now, mut told) = (Duration::ZERO, None);
    let mut times = run.times.iter().copied().peekable();
    for (index, &decision) in run.decisions().iter().enumerate() {
        while let Some((_, time)) = times.next_if(|&(at, _)| at <= index) {
            now = time;
        }
        let goes = match decision {
            Decision::Run { actor } if actor == user => Decision::Run { actor: 0 },
            Decision::RunWithin { actor, budget } if actor == user => {
                Decision::RunWithin { actor: 0, budget }
            }
            Decision::Step { runtime: 0 } => decision,
            Decision::Step { runtime }
                if run.topology == RuntimeTopology::PerActor && runtime == user + 1 =>
            {
                Decision::Step { runtime: 1 }
            }
            _ => continue,
        };
        // Time before the user's first poll is none of its.
        let since = *told.get_or_insert(now);
        let mut left = now.saturating_sub(since).as_millis();
        while left > 0 {
            // Where no timer was late, none is to be late here: what is due on the way goes before the clock goes on.
            let most = if is_late { left } else { (left / PARTS).max(1) };
            let millis = u16::try_from(most).unwrap_or(u16::MAX);
            own.push(Decision::Pass { millis });
            left -= u128::from(millis);
        }
        told = Some(now);
        own.push(goes);
    }
    own
}
