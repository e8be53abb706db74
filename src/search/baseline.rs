use std::sync::Arc;
use std::time::Instant;

use super::alone;
use super::alone::{Solo, Trouble};
use super::config::CheckConfig;
use super::course::{is_repeated, marks, same_course};
use super::evidence::of_record;
use super::target::{ExecutionRecord, Setting, Target};
use crate::interleave::{Decision, Driver, Ending, Marks, Run, RuntimeTopology, Serial, Shape};
use crate::oracle::{Judge, LeftOut, Rules, ScriptOutcome, Violation};
use crate::report::Failure;
use crate::report::FailureKind;
use crate::trace::{Observation, Surface};
use crate::user::Population;

/// Of the polls of a user who spins, so many are expected in other executions.
const MOST_SPINS: u32 = 32;

/// So many solo runs after the second have to agree with it before the first is called cold.
const LATER: usize = 4;

/// One script under one identity seed, and what its users do when they are alone.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that solo runs show by themselves"
)]
pub(crate) struct Baseline {
    pub(crate) population: Arc<Population>,
    pub(crate) judge: Judge,
    pub(crate) shape: Arc<Shape>,
    /// In which of its polls each user observed something alone; empty where nobody was alone.
    pub(crate) marks: Marks,
    /// Executions that it took.
    pub(crate) executions: u64,
    /// How many decisions the solo runs took together.
    decisions: usize,
    /// Some task of the system goes on for ever without waiting for anything.
    restless: bool,
    /// Somebody polls again and again until something has happened, alone as well.
    spins: bool,
    /// Users whose first solo run took another course than those after it, which agree.
    pub(crate) cold: Vec<usize>,
    /// What users saw alone that is another's, each with the schedule that lets just this user go first.
    pub(crate) outlived: Vec<Outlived>,
    /// The numbers of each user's solo runs among all of this identity seed, from 1.
    pub(crate) numbers: Vec<Vec<u64>>,
    /// What each user saw in the first of its solo runs; empty where there were none.
    pub(crate) seen_alone: Vec<Vec<Observation>>,
    /// There were no solo runs, for a user alone does not come to an end.
    pub(crate) without_solo_runs: bool,
    /// Some log event was seen by somebody.
    pub(crate) saw_logs: bool,
    pub(super) checked: Vec<Repeated>,
}

/// Somebody else's secret that a user saw alone.
pub(crate) struct Outlived {
    pub(crate) violation: Violation,
    /// Which of the solo runs of this identity seed it was, from 1.
    pub(crate) number: u64,
    pub(crate) first: Vec<Decision>,
}

/// How far a user's solo runs have been repeated.
#[derive(Clone, Copy, Default)]
pub(super) struct Repeated {
    pub(super) fair_after: usize,
    pub(super) noise: Option<Instant>,
    pub(super) alternatives: bool,
    pub(super) late_alternatives: bool,
    /// With await budgets, without late timers and with them.
    pub(super) budget_alternatives: [bool; 2],
}

impl Baseline {
    /// Runs every user's script with nobody else there; with everybody there, where no user is ever to be alone.
    pub(crate) fn prepare(
        target: &dyn Target,
        driver: &mut Driver,
        config: &CheckConfig,
        rules: &Rules,
        identity_seed: u64,
    ) -> Result<Self, Failure> {
        let population = Population::draw(identity_seed, target.users());
        target.mint(&population);
        if rules.together {
            return Self::together(target, driver, config, rules, population);
        }
        match Self::alone(target, driver, config, rules, Arc::clone(&population)) {
            // Who asked for no comparison has no need of solo runs that do not end.
            Err(Trouble::Endless(_)) if !rules.compare_alone => {
                let rules = Rules {
                    together: true,
                    ..rules.clone()
                };
                Self::together(target, driver, config, &rules, population)
            }
            prepared => Ok(prepared?),
        }
    }

    fn new(target: &dyn Target, config: &CheckConfig, rules: &Rules, population: Arc<Population>) -> Self {
        Self {
            judge: Judge::new(Arc::clone(&population), Arc::new(rules.clone())),
            population,
            shape: Arc::new(Shape {
                drops: config.cancellations,
                ..Shape::default()
            }),
            marks: Marks::default(),
            executions: 0,
            decisions: 0,
            restless: false,
            spins: false,
            cold: Vec::new(),
            outlived: Vec::new(),
            numbers: vec![Vec::new(); target.users()],
            seen_alone: Vec::new(),
            without_solo_runs: false,
            saw_logs: false,
            checked: vec![Repeated::default(); target.users()],
        }
    }

    fn alone(
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

    /// The baseline of a check in which nobody is alone: the users one after another, as far as they let each other.
    fn together(
        target: &dyn Target,
        driver: &mut Driver,
        config: &CheckConfig,
        rules: &Rules,
        population: Arc<Population>,
    ) -> Result<Self, Failure> {
        let mut baseline = Self::new(target, config, rules, population);
        baseline.without_solo_runs = true;
        let setting = Setting {
            population: &Arc::clone(&baseline.population),
            alone: None,
            topology: RuntimeTopology::One,
            real_io: config.real_io,
            logs: config.logs,
        };
        driver.limit_steps(config.steps);
        driver.be_fair_after(Some(1_000));
        driver.drain_at_most(Some(alone::DRAIN));
        let mut record = target.play(driver, setting, &mut Serial);
        if alone::wants_local_tasks(&record) {
            driver.with_local_tasks(true);
            record = target.play(driver, setting, &mut Serial);
        }
        let record = record.map_err(alone::broken)?;
        baseline.executions = 1;
        if let Some(refusal) = refusal_together(&baseline.population, &record) {
            return Err(refusal);
        }
        let mut shape = (*baseline.shape).clone();
        let most = if record.run.fair_from().is_some() {
            MOST_SPINS
        } else {
            u32::MAX
        };
        shape.polls = record
            .run
            .polls()
            .iter()
            .map(|&polls| polls.clamp(1, most))
            .collect();
        baseline.note_shape(&mut shape, &record);
        baseline.shape = Arc::new(shape);
        of_record(&record, None, |evidence| baseline.judge.learn_together(evidence));
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

    pub(super) fn learn_noise(&mut self, user: usize, record: &ExecutionRecord) -> bool {
        of_record(record, Some(user), |evidence| {
            self.judge.learn_noise(user, evidence)
        })
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

    fn note_shape(&mut self, shape: &mut Shape, record: &ExecutionRecord) {
        let decisions = record.run.decisions();
        shape.spawns |= record.run.most_tasks() > 0;
        shape.timers |= decisions
            .iter()
            .any(|decision| matches!(decision, Decision::Advance { .. }));
        let is_spinning = record.run.fair_from().is_some();
        // Most of what a spinning solo run decides is to let somebody spin.
        self.decisions += if is_spinning {
            64 + record
                .run
                .polls()
                .iter()
                .map(|&polls| polls as usize)
                .sum::<usize>()
        } else {
            decisions.len()
        };
        self.restless |= record.restless;
        self.spins |= is_spinning;
        let mut seen = record.trace.observations().iter();
        self.saw_logs |= seen.any(|observation| observation.surface() == Surface::Log);
    }

    /// Sets the limits of an execution with everybody there.
    pub(crate) fn limit(&self, driver: &mut Driver, config: &CheckConfig) {
        let expected = self.shape.steps().max(self.decisions);
        let limit = config.steps.saturating_add(64 * self.shape.steps());
        driver.limit_steps(limit);
        // Far more than the users take by themselves; less than the limit, so that some of it is left for a fair end.
        let fair_after = if self.spins {
            64 + expected
        } else {
            256 + 4 * expected
        };
        driver.be_fair_after(Some(fair_after.min(limit - limit / 4)));
        driver.drain_at_most(self.restless.then_some(64 + self.shape.steps()));
    }

    /// The same where nothing is known of the users.
    pub(crate) fn limit_unknown(driver: &mut Driver, config: &CheckConfig) {
        driver.limit_steps(config.steps);
        driver.be_fair_after(Some(1_000.min(config.steps - config.steps / 4)));
        driver.drain_at_most(None);
    }

    /// What the oracles say of an execution with everybody there.
    pub(crate) fn judge(&mut self, record: &ExecutionRecord) -> Vec<Violation> {
        of_record(record, None, |evidence| self.judge.judge(evidence))
    }

    /// What is left out of the comparison with solo runs.
    pub(crate) fn left_out(&self) -> Vec<LeftOut> {
        self.judge.left_out()
    }
}

/// Why the first execution with everybody there is no baseline, if it is so. That it does not end is for the search to find.
fn refusal_together(population: &Population, record: &ExecutionRecord) -> Option<Failure> {
    let refuse = |what: String, remedy: &str| Some(Failure::refused(FailureKind::Alone, what, remedy));
    if let Some(defect) = record.trace.defects().first() {
        return Some(alone::unserializable(defect));
    }
    match record.run.ending() {
        Ending::RealIo(message) => return Some(alone::real_io(message)),
        Ending::Panicked { actor, panic } => {
            return refuse(
                format!(
                    "{}'s script panics when the users come one after another: {panic}",
                    population.identity(*actor).name()
                ),
                "mend the script, or the fault that it meets in the simplest order; isolation is the question after that",
            );
        }
        _ => {}
    }
    let mut script_outcomes = record.script_outcomes.iter().enumerate();
    script_outcomes.find_map(|(user, script_outcome)| match script_outcome {
        ScriptOutcome::Failed(error) => refuse(
            format!(
                "{}'s script returns an error when the users come one after another: {error}",
                population.identity(user).name()
            ),
            "handle errors that are expected within the script, and record them with `user.saw(Surface::Error, ..)`",
        ),
        _ => None,
    })
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
