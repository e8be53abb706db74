use std::env;
use std::ffi::{OsStr, OsString};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::direct_changes::{EnvAccess, EnvSnapshot, Overlap};
use super::env_lock::{EntryCount, ExclusiveEnv, SharedEnv};
use super::process_env;
use crate::case::phases::Watch;
use crate::composed::composed;

/// A test's access to the process environment, and what it changed there.
#[derive(Debug, Default)]
pub(in crate::case) struct EnvChanges {
    /// Held by the thread that makes a change; the state is locked for moments only, so that a test can be ended while
    /// one of its threads waits.
    turn: Mutex<()>,
    state: Mutex<EnvState>,
    at_entry: Mutex<Option<(EnvSnapshot, EntryCount)>>,
}

#[derive(Debug, Default)]
enum EnvState {
    #[default]
    NotHeld,
    Shared(SharedEnv),
    Waiting,
    Exclusive {
        token: ExclusiveEnv,
        /// What variables were before each change, in the order of those.
        before: Vec<(OsString, Option<OsString>)>,
    },
}

impl EnvChanges {
    /// Waits until no test has exclusive access to the environment.
    pub(in crate::case) fn enter(&self) {
        let (shared, entries) = SharedEnv::enter();
        *self.state() = EnvState::Shared(shared);
        *self.at_entry.lock().unwrap_or_else(PoisonError::into_inner) = Some((EnvSnapshot::now(), entries));
    }

    /// Changes a variable once no other test is running; the wait does not count against the phase's limit.
    ///
    /// # Panics
    ///
    /// Where the test is over.
    pub(in crate::case) fn change(&self, watch: &Watch, name: &OsStr, value: Option<&OsStr>) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.take_exclusive(watch);
        if let EnvState::Exclusive { token, before } = &mut *self.state() {
            before.push((name.to_owned(), env::var_os(name)));
            process_env::change(token, name, value);
            return;
        }
        panic!(
            "{}",
            composed("the test is over: its environment has been put back, and cannot be changed any more")
        );
    }

    fn take_exclusive(&self, watch: &Watch) {
        let shared = match &mut *self.state() {
            state @ EnvState::Shared(_) => std::mem::replace(state, EnvState::Waiting),
            EnvState::NotHeld | EnvState::Waiting | EnvState::Exclusive { .. } => return,
        };
        let EnvState::Shared(shared) = shared else { return };
        watch.pause_time();
        let token = shared.into_exclusive();
        watch.resume_time();
        let mut state = self.state();
        if matches!(*state, EnvState::Waiting) {
            *state = EnvState::Exclusive {
                token,
                before: Vec::new(),
            };
        }
    }

    /// Puts back what `test` changed and leaves. A second call does nothing.
    pub(in crate::case) fn restore(&self, test: &str) {
        let state = std::mem::take(&mut *self.state());
        let access = match state {
            EnvState::NotHeld | EnvState::Waiting => return,
            EnvState::Shared(shared) => EnvAccess::Shared(shared),
            EnvState::Exclusive { token, before } => {
                for (name, value) in before.into_iter().rev() {
                    process_env::change(&token, &name, value.as_deref());
                }
                EnvAccess::Exclusive(token)
            }
        };
        let at_entry = self
            .at_entry
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some((snapshot, entries)) = at_entry {
            let overlap = if entries.no_other_since() {
                Overlap::None
            } else {
                Overlap::OtherTests
            };
            snapshot.restore_or_report(test, overlap, access);
        }
    }

    fn state(&self) -> MutexGuard<'_, EnvState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
