use std::sync::Arc;

use super::state::{Baseline, MOST_SPINS, Outlived};
use crate::interleave::{Decision, Driver, Run, Shape};
use crate::oracle::Rules;
use crate::search::alone::{Solo, Trouble};
use crate::search::config::CheckConfig;
use crate::search::course::{is_repeated, marks, same_course};
use crate::search::evidence::of_record;
use crate::search::target::{ExecutionRecord, Target};
use crate::trace::Observation;
use crate::user::Population;

/// So many solo runs after the second have to agree with it before the first is called cold.
const LATER: usize = 4;

impl Baseline {
    /// The baseline of a check in which every user is alone first.
    pub(super) fn alone(
        target: &dyn Target,
        driver: &mut Driver,
        config: &CheckConfig,
        rules: &Rules,
        population: Arc<Population>,
    ) -> Result<Self, Trouble> {
        let mut baseline = Self::new(target, config, rules, population);
        let population = Arc::clone(&baseline.population);
        let mut shape = (*baseline.shape).clone();
        let mut observed_in = Vec::new();
        for user in 0..target.users() {
            let mut solo = Solo::new(target, config, &population, user);
            let first = solo.first(driver)?;
            baseline.checked[user].fair_after = solo.fair_after;
            baseline.executions += 1;
            baseline.learn_alone(user, &first);
            baseline.learn_shape(&mut shape, user, &first);
            let observed = first.trace.observations().iter().map(Observation::step);
            observed_in.push(marks(first.run.decisions(), observed));
            // Twice, for an answer that changes by itself is nobody's influence.
            let second = solo.serial(driver).map_err(Trouble::after_a_first_run)?;
            baseline.executions += 1;
            baseline.restless |= second.restless;
            if is_repeated(&first, &second) {
                continue;
            }
            // Either something was kept from the first run on, and every later one goes as the second, or the course is random.
            // Where threads are at work, their pace decides.
            let mut is_cold = !(first.used_threads || driver.has_heard_threads());
            let mut later = Vec::new();
            while is_cold && later.len() < LATER {
                let next = solo.serial(driver)?;
                baseline.executions += 1;
                is_cold = is_repeated(&second, &next)
                    || !same_course(&first, &second) && same_course(&second, &next);
                later.push(next);
            }
            if is_cold {
                baseline.cold.push(user);
                baseline.learn_alone(user, &second);
            } else {
                baseline.learn_noise(user, &second);
            }
            for next in &later {
                baseline.learn_noise(user, next);
            }
        }
        baseline.shape = Arc::new(shape);
        baseline.marks = observed_in.into();
        Ok(baseline)
    }

    fn learn_alone(&mut self, user: usize, record: &ExecutionRecord) {
        let foreign = of_record(record, Some(user), |evidence| {
            self.judge.learn_alone(user, evidence)
        });
        let first = || decisions_of(&record.run, user);
        let number = self.executions;
        if self.numbers[user].is_empty() {
            self.seen_alone.resize_with(self.numbers.len(), Vec::new);
            self.seen_alone[user] = record.trace.observations().to_vec();
        }
        self.numbers[user].push(number);
        let outlived = foreign.into_iter().map(|violation| Outlived {
            violation,
            number,
            first: first(),
        });
        self.outlived.extend(outlived);
    }

    fn learn_shape(&mut self, shape: &mut Shape, user: usize, record: &ExecutionRecord) {
        let polls = record.run.polls().first().copied().unwrap_or(1);
        let polls = if record.run.fair_from().is_some() {
            polls.min(MOST_SPINS)
        } else {
            polls
        };
        debug_assert_eq!(shape.polls.len(), user, "users come in order");
        shape.polls.push(polls);
        self.note_shape(shape, record);
    }
}

/// The decisions of a solo run, for an execution with everybody in which this user goes first.
fn decisions_of(solo: &Run, user: usize) -> Vec<Decision> {
    solo.decisions()
        .iter()
        .map(|&decision| match decision {
            Decision::Run { .. } => Decision::Run { actor: user },
            Decision::RunWithin { budget, .. } => Decision::RunWithin { actor: user, budget },
            other => other,
        })
        .collect()
}
