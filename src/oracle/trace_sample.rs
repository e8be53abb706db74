//! Executions made up for the tests of the oracles.

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, atomic};

use serde::Serialize;

use super::evidence::BrokenInvariant;
use super::{Ended, Evidence, Hang, Judge, PanicNote, Residue, Rules, ScriptOutcome, Violation};
use crate::trace::{Recorder, Surface, Trace, User};
use crate::user::Population;

pub(super) const DISTINCT: u64 = 0;
pub(super) const COLLIDING: u64 = 1;
pub(super) const LOOK_ALIKE: u64 = 2;

/// The step in which every script of these executions ends.
const ENDED: u32 = 1_000;

/// A judge with its population, and what it is told of the next execution.
pub(super) struct TraceSample {
    pub(super) judge: Judge,
    population: Arc<Population>,
    pub(super) take: Take,
}

/// One execution under way.
pub(super) struct Take {
    step: Arc<AtomicU32>,
    recorder: Recorder,
    pub(super) script_outcomes: Vec<ScriptOutcome>,
    pub(super) hang: Option<Hang>,
    pub(super) panics: Vec<PanicNote>,
    pub(super) residue: Option<Residue>,
    pub(super) broken: Vec<BrokenInvariant>,
}

impl TraceSample {
    pub(super) fn new(identity_seed: u64, users: usize) -> Self {
        Self::with_rules(identity_seed, users, Rules::default())
    }

    pub(super) fn with_rules(identity_seed: u64, users: usize, rules: Rules) -> Self {
        let population = Population::draw(identity_seed, users);
        Self {
            judge: Judge::new(Arc::clone(&population), Arc::new(rules)),
            take: Take::new(users),
            population,
        }
    }

    /// The user, as a script of the execution under way holds it.
    pub(super) fn user(&self, index: usize) -> User {
        User::new(Arc::clone(&self.population), index, &self.take.recorder)
    }

    /// One more step in which a user sees something.
    pub(super) fn saw(&self, user: usize, surface: Surface, value: &(impl Serialize + ?Sized)) {
        self.take.step.fetch_add(1, atomic::Ordering::Relaxed);
        self.user(user).saw(surface, value);
    }

    /// Ends the execution as the solo run of `user`. Returns the secrets of others that it shows.
    pub(super) fn alone(&mut self, user: usize) -> Vec<Violation> {
        let take = self.next_take();
        let trace = take.recorder.finish();
        self.judge.learn_alone(user, &take.evidence(&trace))
    }

    /// Ends the execution as another solo run of `user`.
    pub(super) fn again(&mut self, user: usize) -> bool {
        let take = self.next_take();
        let trace = take.recorder.finish();
        self.judge.learn_noise(user, &take.evidence(&trace))
    }

    /// Ends the execution, and judges it.
    pub(super) fn judge(&mut self) -> Vec<Violation> {
        let take = self.next_take();
        let trace = take.recorder.finish();
        self.judge.judge(&take.evidence(&trace))
    }

    fn next_take(&mut self) -> Take {
        std::mem::replace(&mut self.take, Take::new(self.population.len()))
    }
}

impl Take {
    fn new(users: usize) -> Self {
        let step = Arc::new(AtomicU32::new(0));
        Self {
            recorder: Recorder::new(Arc::clone(&step)),
            step,
            script_outcomes: vec![ScriptOutcome::Finished; users],
            hang: None,
            panics: Vec::new(),
            residue: None,
            broken: Vec::new(),
        }
    }

    fn evidence<'a>(&'a self, trace: &'a Trace) -> Evidence<'a> {
        Evidence {
            trace,
            script_outcomes: &self.script_outcomes,
            hang: self.hang.as_ref(),
            panics: &self.panics,
            residue: self.residue.as_ref(),
            broken: &self.broken,
            ended: Ended {
                of_user: &|_| ENDED,
                of_all: ENDED,
                polled: &|_| None,
            },
        }
    }
}

/// The details of some violations, each with its kind.
pub(super) fn said(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(ToString::to_string).collect()
}
