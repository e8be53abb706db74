use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::core::Core;
use super::directly::{Company, Found, Place};
use super::gate::{Exclusive, Shared, Visit};
use super::{interrupt, process_env};
use crate::composed::composed;

/// The process environment, as one test may change it: see [`Case::env`](super::Case::env).
///
/// Change the environment before the test starts work that may read it in C code, as `getaddrinfo` and `localtime` do: such code
/// reads the variables while `std` does not know of it.
///
/// What a test changes past this, by `std::env::set_var` or `set_current_dir`, is reported on standard error at its end; it is
/// put back where no other test can have done it: under nextest, and where tests run one after another.
pub struct Env<'a> {
    core: &'a Core,
}

impl<'a> Env<'a> {
    pub(super) fn of(core: &'a Core) -> Self {
        Self { core }
    }

    /// Sets a variable until the end of the test.
    ///
    /// The first change waits until no other test of the harness runs in this process; that wait does not count
    /// against the test's timeout. Under nextest there is nobody to wait for.
    ///
    /// # Panics
    ///
    /// Where the name is empty or contains `=` or NUL, or the value contains NUL.
    pub fn set(&self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) {
        self.change(name.as_ref(), Some(value.as_ref()));
    }

    /// Removes a variable until the end of the test.
    ///
    /// # Panics
    ///
    /// Where the name is empty or contains `=` or NUL.
    pub fn unset(&self, name: impl AsRef<OsStr>) {
        self.change(name.as_ref(), None);
    }

    /// What the variable is now; `None` where it is not set, or is no text.
    pub fn get(&self, name: impl AsRef<OsStr>) -> Option<String> {
        env::var(name.as_ref()).ok()
    }

    fn change(&self, name: &OsStr, value: Option<&OsStr>) {
        assert!(
            !name.is_empty()
                && !name
                    .as_encoded_bytes()
                    .iter()
                    .any(|byte| matches!(byte, b'=' | 0)),
            "an environment variable cannot be called `{}`: give it a name without `=` and NUL",
            name.display()
        );
        assert!(
            !value.is_some_and(|value| value.as_encoded_bytes().contains(&0)),
            "the environment variable `{}` cannot hold a NUL",
            name.display()
        );
        self.core.environment.change(self.core, name, value);
    }
}

impl fmt::Debug for Env<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env")
            .field("changes", &self.core.environment)
            .finish()
    }
}

/// A test's place at the gate, and what it changed.
#[derive(Debug, Default)]
pub(super) struct Environment {
    /// Held by the thread that makes a change; the state is locked for moments only, so that a test can be ended while
    /// one of its threads waits for its turn.
    turn: Mutex<()>,
    state: Mutex<State>,
    found: Mutex<Option<(Found, Visit)>>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Outside,
    Beside(Shared),
    Waiting,
    Alone {
        token: Exclusive,
        /// What variables were before each change, in the order of those.
        before: Vec<(OsString, Option<OsString>)>,
    },
}

impl Environment {
    /// Waits until no test has the environment for itself.
    pub(super) fn enter(&self) {
        let (shared, visit) = Shared::enter();
        *self.state() = State::Beside(shared);
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some((Found::now(), visit));
    }

    fn change(&self, core: &Core, name: &OsStr, value: Option<&OsStr>) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        interrupt::watch();
        self.take_alone(core);
        if let State::Alone { token, before } = &mut *self.state() {
            before.push((name.to_owned(), env::var_os(name)));
            process_env::change(token, name, value);
            return;
        }
        panic!(
            "{}",
            composed("the test is over: its environment has been put back, and cannot be changed any more")
        );
    }

    fn take_alone(&self, core: &Core) {
        let shared = match &mut *self.state() {
            state @ State::Beside(_) => std::mem::replace(state, State::Waiting),
            State::Outside | State::Waiting | State::Alone { .. } => return,
        };
        let State::Beside(shared) = shared else { return };
        core.watch.hold();
        let token = shared.into_exclusive();
        core.watch.go_on();
        let mut state = self.state();
        if matches!(*state, State::Waiting) {
            *state = State::Alone {
                token,
                before: Vec::new(),
            };
        }
    }

    /// Puts back what `test` changed and leaves. A second call does nothing.
    pub(super) fn restore(&self, test: &str) {
        let state = std::mem::take(&mut *self.state());
        let place = match state {
            State::Outside | State::Waiting => return,
            State::Beside(shared) => Place::Beside(shared),
            State::Alone { token, before } => {
                for (name, value) in before.into_iter().rev() {
                    process_env::change(&token, &name, value.as_deref());
                }
                Place::Alone(token)
            }
        };
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((found, visit)) = found {
            let company = if visit.has_been_alone() {
                Company::Nobody
            } else {
                Company::Others
            };
            found.look_again(test, company, place);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
