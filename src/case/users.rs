use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::current::CurrentTest;
use crate::digest::Digest;
use crate::trace::{Recorder, Trace, User};
use crate::user::{Cast, IdentityMode};

/// The users of a test.
#[derive(Debug)]
pub(super) struct Users {
    pub(super) seed: u64,
    world: u64,
    cast: Mutex<Arc<Cast>>,
    pub(super) recorder: Recorder,
    drawn: AtomicBool,
}

impl Users {
    /// Users of a world that follows from the test's name and the seed, and whose ids are all different.
    pub(super) fn new(test: &CurrentTest, seed: u64) -> Self {
        let world = Digest::new()
            .bytes(test.krate().as_bytes())
            .bytes(test.path().as_bytes())
            .word(seed)
            .finish();
        let world = IdentityMode::Distinct.world(world >> 2);
        Self {
            seed,
            world,
            cast: Mutex::new(Cast::draw(world, 0)),
            recorder: Recorder::new(Arc::default()),
            drawn: AtomicBool::new(false),
        }
    }

    /// The first `n` users, the same at every call.
    pub(super) fn first(&self, n: usize) -> Vec<User> {
        self.drawn.store(true, Ordering::Relaxed);
        let mut cast = self.cast.lock().unwrap_or_else(PoisonError::into_inner);
        if cast.len() < n {
            *cast = Cast::draw(self.world, n);
        }
        (0..n)
            .map(|index| User::new(Arc::clone(&cast), index, &self.recorder))
            .collect()
    }

    /// Whether there were any: whether the seed mattered.
    pub(super) fn were_drawn(&self) -> bool {
        self.drawn.load(Ordering::Relaxed)
    }

    /// What they have seen so far.
    pub(super) fn trace(&self) -> Trace {
        self.recorder.so_far()
    }
}
