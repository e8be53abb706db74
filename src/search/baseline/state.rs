use std::sync::Arc;
use std::time::Instant;

use crate::interleave::{Decision, Driver, Marks, Shape};
use crate::oracle::{Judge, LeftOut, Rules, Violation};
use crate::report::Failure;
use crate::search::alone::Trouble;
use crate::search::config::CheckConfig;
use crate::search::evidence::of_record;
use crate::search::target::{ExecutionRecord, Target};
use crate::trace::{Observation, Surface};
use crate::user::Population;

/// Of the polls of a user who spins, so many are expected in other executions.
pub(super) const MOST_SPINS: u32 = 32;

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
    pub(super) restless: bool,
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

    pub(super) fn new(
        target: &dyn Target,
        config: &CheckConfig,
        rules: &Rules,
        population: Arc<Population>,
    ) -> Self {
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

    pub(super) fn learn_noise(&mut self, user: usize, record: &ExecutionRecord) -> bool {
        of_record(record, Some(user), |evidence| {
            self.judge.learn_noise(user, evidence)
        })
    }

    pub(super) fn note_shape(&mut self, shape: &mut Shape, record: &ExecutionRecord) {
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
