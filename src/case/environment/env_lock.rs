//! The lock of the process environment: many tests may run at once, or one that changes it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

static ENV_LOCK: EnvLock = EnvLock {
    state: Mutex::new(EnvLockState {
        holders: 0,
        waiting: 0,
        taken: false,
        entries: 0,
    }),
    changed: Condvar::new(),
};

struct EnvLock {
    state: Mutex<EnvLockState>,
    changed: Condvar,
}

struct EnvLockState {
    /// Tests that have shared access.
    holders: usize,
    /// Tests that wait for exclusive access: a test that enters lets them go first.
    waiting: usize,
    taken: bool,
    /// How many tests have entered.
    entries: u64,
}

/// Shared access: other tests may be running.
#[derive(Debug)]
pub(super) struct SharedEnv(());

/// How many tests had entered when this one did, if it was the only one that had not left.
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryCount(Option<u64>);

impl EntryCount {
    /// Whether no other test has entered since.
    pub(super) fn no_other_since(self) -> bool {
        self.0 == Some(ENV_LOCK.lock().entries)
    }
}

/// Exclusive access: no other test of the harness is running.
#[derive(Debug)]
pub(super) struct ExclusiveEnv(());

impl SharedEnv {
    /// Waits until no test has exclusive access, or waits for it.
    pub(super) fn enter() -> (Self, EntryCount) {
        let mut state = ENV_LOCK.lock();
        while state.taken || state.waiting > 0 {
            state = ENV_LOCK.wait(state);
        }
        state.holders += 1;
        state.entries += 1;
        (
            Self(()),
            EntryCount((state.holders == 1).then_some(state.entries)),
        )
    }

    /// Gives up shared access, and waits until all other tests have done so too. Others may have had
    /// exclusive access in between, and have restored the environment.
    pub(super) fn into_exclusive(self) -> ExclusiveEnv {
        let mut state = ENV_LOCK.lock();
        state.waiting += 1;
        // The guard is given up here and not when the wait is over: two that wait for each other would wait for ever.
        state.holders -= 1;
        std::mem::forget(self);
        ENV_LOCK.changed.notify_all();
        while state.taken || state.holders > 0 {
            state = ENV_LOCK.wait(state);
        }
        state.waiting -= 1;
        state.taken = true;
        ExclusiveEnv(())
    }
}

impl Drop for SharedEnv {
    fn drop(&mut self) {
        ENV_LOCK.lock().holders -= 1;
        ENV_LOCK.changed.notify_all();
    }
}

impl Drop for ExclusiveEnv {
    fn drop(&mut self) {
        ENV_LOCK.lock().taken = false;
        ENV_LOCK.changed.notify_all();
    }
}

impl EnvLock {
    fn lock(&self) -> MutexGuard<'_, EnvLockState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, EnvLockState>) -> MutexGuard<'a, EnvLockState> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}
