use std::sync::{Mutex, PoisonError};

use super::ScriptError;
use super::source::Local;
use crate::interleave::{Actor, FutureActor};
use crate::trace::{Surface, User};
use crate::user::Population;

/// What a script returns: `?` takes any error, and text.
pub type ScriptResult = Result<(), ScriptError>;

/// Who the users are of one kind of execution, and what each of them does.
pub(crate) trait Scenario<S>: Send + Sync {
    fn users(&self) -> usize;

    /// What one user does.
    fn actor<'a>(&'a self, user: &'a User, system: &'a S, outcome: &'a Outcome) -> Box<dyn Actor + 'a>;

    /// Mints the secrets that the inputs hold, for they were generated with another population of the same identity seed.
    fn mint(&self, population: &Population) {
        debug_assert!(population.len() >= self.users(), "a population has everybody");
    }

    /// The generated inputs as JSON, where there are any.
    fn inputs(&self) -> Option<String> {
        None
    }

    /// The generated inputs for a person, a line for each user's action.
    fn lines(&self) -> Option<Vec<Vec<String>>> {
        None
    }
}

/// How a script ended, once it has.
#[derive(Debug, Default)]
pub(crate) struct Outcome(Mutex<Option<Result<(), String>>>);

impl Outcome {
    /// Takes down a script's result. An error is something that its user sees.
    pub(crate) fn set(&self, user: &User, result: ScriptResult) {
        let result = result.map_err(|error| error.to_string());
        if let Err(error) = &result {
            user.saw(Surface::Error, error);
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }

    pub(crate) fn take(&self) -> Option<Result<(), String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// One script for each of several users.
pub(crate) struct Scripted<F> {
    pub(crate) users: usize,
    pub(crate) script: F,
}

impl<S, F> Scenario<S> for Scripted<F>
where
    S: 'static,
    F: AsyncFn(&User, &S) -> ScriptResult + Send + Sync,
{
    fn users(&self) -> usize {
        self.users
    }

    fn actor<'a>(&'a self, user: &'a User, system: &'a S, outcome: &'a Outcome) -> Box<dyn Actor + 'a> {
        let script: Local<'a, ()> =
            Box::pin(async move { outcome.set(user, (self.script)(user, system).await) });
        Box::new(FutureActor::boxed(script))
    }
}
