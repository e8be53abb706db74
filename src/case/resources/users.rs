use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::current::CurrentTest;
use crate::digest::Digest;
use crate::trace::{Recorder, Trace, User};
use crate::user::{IdentityMode, Population};

/// The users of a test.
#[derive(Debug)]
pub(in crate::case) struct Users {
    pub(in crate::case) seed: u64,
    identity_seed: u64,
    /// Those that were drawn, each with more users than the one before.
    populations: Mutex<Vec<Arc<Population>>>,
    pub(in crate::case) recorder: Recorder,
    drawn: AtomicBool,
}

impl Users {
    /// Users whose identity seed follows from the test's name and `seed`, and whose ids are all different.
    pub(in crate::case) fn new(test: &CurrentTest, seed: u64) -> Self {
        let identity_seed = Digest::new()
            .bytes(test.krate().as_bytes())
            .bytes(test.path().as_bytes())
            .word(seed)
            .finish();
        let identity_seed = IdentityMode::Distinct.identity_seed(identity_seed >> 2);
        Self {
            seed,
            identity_seed,
            populations: Mutex::default(),
            recorder: Recorder::new(Arc::default()),
            drawn: AtomicBool::new(false),
        }
    }

    /// The first `n` users, the same at every call.
    pub(in crate::case) fn first(&self, n: usize) -> Vec<User> {
        self.drawn.store(true, Ordering::Relaxed);
        let mut populations = self.populations.lock().unwrap_or_else(PoisonError::into_inner);
        let population = match populations.last() {
            Some(last) if last.len() >= n => Arc::clone(last),
            _ => {
                populations.push(Population::draw(self.identity_seed, n));
                Arc::clone(populations.last().expect("it has just been put there"))
            }
        };
        (0..n)
            .map(|index| User::new(Arc::clone(&population), index, &self.recorder))
            .collect()
    }

    /// Whether there were any: whether the seed mattered.
    pub(in crate::case) fn were_drawn(&self) -> bool {
        self.drawn.load(Ordering::Relaxed)
    }

    /// What they have seen so far.
    pub(in crate::case) fn trace(&self) -> Trace {
        let populations = self.populations.lock().unwrap_or_else(PoisonError::into_inner);
        let known = populations.iter().flat_map(|population| population.known());
        self.recorder.so_far().with_known(known.collect())
    }
}
