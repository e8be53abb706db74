//! Executions made up for the tests of the oracles.

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, atomic};

use serde::Serialize;

use super::{Ended, Evidence, Fate, Hang, Judge, PanicNote, Residue, Rules, Violation};
use crate::trace::{Recorder, Surface, Trace, User};
use crate::user::Cast;

pub(super) const DISTINCT: u64 = 0;
pub(super) const COLLIDING: u64 = 1;
pub(super) const LOOK_ALIKE: u64 = 2;

/// The step in which every script of these executions ends.
const ENDED: u32 = 1_000;

/// A judge with its cast, and what it is told of the next execution.
pub(super) struct Scene {
    pub(super) judge: Judge,
    cast: Arc<Cast>,
    pub(super) take: Take,
}

/// One execution under way.
pub(super) struct Take {
    step: Arc<AtomicU32>,
    recorder: Recorder,
    pub(super) fates: Vec<Fate>,
    pub(super) hang: Option<Hang>,
    pub(super) panics: Vec<PanicNote>,
    pub(super) residue: Option<Residue>,
}

impl Scene {
    pub(super) fn new(world: u64, users: usize) -> Self {
        Self::with_rules(world, users, Rules::default())
    }

    pub(super) fn with_rules(world: u64, users: usize, rules: Rules) -> Self {
        let cast = Cast::draw(world, users);
        Self {
            judge: Judge::new(Arc::clone(&cast), Arc::new(rules)),
            take: Take::new(users),
            cast,
        }
    }

    /// The user, as a script of the execution under way holds it.
    pub(super) fn user(&self, index: usize) -> User {
        User::new(Arc::clone(&self.cast), index, &self.take.recorder)
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
        std::mem::replace(&mut self.take, Take::new(self.cast.len()))
    }
}

impl Take {
    fn new(users: usize) -> Self {
        let step = Arc::new(AtomicU32::new(0));
        Self {
            recorder: Recorder::new(Arc::clone(&step)),
            step,
            fates: vec![Fate::Finished; users],
            hang: None,
            panics: Vec::new(),
            residue: None,
        }
    }

    fn evidence<'a>(&'a self, trace: &'a Trace) -> Evidence<'a> {
        Evidence {
            trace,
            fates: &self.fates,
            hang: self.hang.as_ref(),
            panics: &self.panics,
            residue: self.residue.as_ref(),
            ended: Ended {
                of_user: &|_| ENDED,
                of_all: ENDED,
            },
        }
    }
}

/// The details of some violations, each with its kind.
pub(super) fn said(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(ToString::to_string).collect()
}
