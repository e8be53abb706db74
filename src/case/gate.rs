//! Who may have the process environment for itself: many tests may run at once, or one that changes it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

static GATE: Gate = Gate {
    state: Mutex::new(State {
        inside: 0,
        waiting: 0,
        taken: false,
        visits: 0,
    }),
    changed: Condvar::new(),
};

struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// Tests that run beside others.
    inside: usize,
    /// Tests that wait to have it for themselves: who would enter lets them go first.
    waiting: usize,
    taken: bool,
    /// How many tests have entered.
    visits: u64,
}

/// Shows that a test runs beside others.
#[derive(Debug)]
pub(super) struct Shared(());

/// How many tests had entered when one did, if it was the only one inside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit(Option<u64>);

impl Visit {
    /// Whether no other test has been inside since.
    pub(super) fn has_been_alone(self) -> bool {
        self.0 == Some(GATE.lock().visits)
    }
}

/// Shows that no other test of the harness runs.
#[derive(Debug)]
pub(super) struct Exclusive(());

impl Shared {
    /// Waits until nobody has, or waits for, the environment.
    pub(super) fn enter() -> (Self, Visit) {
        let mut state = GATE.lock();
        while state.taken || state.waiting > 0 {
            state = GATE.wait(state);
        }
        state.inside += 1;
        state.visits += 1;
        (Self(()), Visit((state.inside == 1).then_some(state.visits)))
    }

    /// Leaves those who run beside each other, and waits until all the others have left too. Others may have had
    /// the environment in between, and have put it back.
    pub(super) fn into_exclusive(self) -> Exclusive {
        let mut state = GATE.lock();
        state.waiting += 1;
        // The guard is given up here and not when the wait is over: two that wait for each other would wait for ever.
        state.inside -= 1;
        std::mem::forget(self);
        GATE.changed.notify_all();
        while state.taken || state.inside > 0 {
            state = GATE.wait(state);
        }
        state.waiting -= 1;
        state.taken = true;
        Exclusive(())
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        GATE.lock().inside -= 1;
        GATE.changed.notify_all();
    }
}

impl Drop for Exclusive {
    fn drop(&mut self) {
        GATE.lock().taken = false;
        GATE.changed.notify_all();
    }
}

impl Gate {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}
