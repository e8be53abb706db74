//! How deep into what a body returned can be looked, chosen where its type is known: in what the attribute expands to.
//!
//! A type parameter cannot be asked whether it is a `Result`. A method call can: of several traits, the one with the fewest
//! references in front is taken that fits. (David Tolnay: Autoref-based stable specialization, 2019.)

use std::fmt::Debug;
use std::marker::PhantomData;

use super::into_outcome::{AnyReturn, IntoOutcome};
use super::outcome::Outcome;
use crate::panics::attempt;

/// The type of what a body returned.
#[derive(Debug)]
pub struct Depth<T>(PhantomData<fn() -> T>);

impl<T> Depth<T> {
    /// That of a value.
    #[must_use]
    pub fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

/// What a body returned, as far as it has been looked into.
#[derive(Debug)]
pub enum Looked<T> {
    /// Whether it is a failure is known.
    Into(Outcome),
    /// It is as it was.
    At(T),
}

/// How a body ended that returned this: `message` looks for what its error displays, `look` for a failure within it.
pub fn outcome<T: AnyReturn>(
    returned: T,
    message: impl FnOnce(&T) -> Option<String>,
    look: impl FnOnce(T) -> Looked<T>,
) -> Outcome {
    // An error that panics when it is displayed has no message.
    let message = attempt(|| message(&returned)).ok().flatten();
    let mut outcome = match look(returned) {
        Looked::Into(outcome) => outcome,
        Looked::At(returned) => returned.into_outcome(),
    };
    if let Err(returned) = &mut outcome.0 {
        returned.message = message;
    }
    outcome
}

/// All of it can be looked into.
pub trait Whole<T> {
    /// How the body ended, as far as that is known.
    fn look(&self, returned: T) -> Looked<T>;
}

impl<T: IntoOutcome> Whole<T> for &&&Depth<T> {
    fn look(&self, returned: T) -> Looked<T> {
        Looked::Into(returned.into_outcome())
    }
}

/// Three results, and a value of any type.
pub trait Three<T> {
    /// How the body ended, as far as that is known.
    fn look(&self, returned: T) -> Looked<T>;
}

type ThreeResults<T, E, F, G> = Result<Result<Result<T, G>, F>, E>;

impl<T, E, F, G> Three<ThreeResults<T, E, F, G>> for &&Depth<ThreeResults<T, E, F, G>>
where
    E: Debug + 'static,
    F: Debug + 'static,
    G: Debug + 'static,
{
    fn look(&self, returned: ThreeResults<T, E, F, G>) -> Looked<ThreeResults<T, E, F, G>> {
        Looked::Into(match returned {
            Ok(Ok(innermost)) => innermost.into_outcome(),
            Ok(Err(error)) => Outcome::failed(error),
            Err(error) => Outcome::failed(error),
        })
    }
}

/// Two results, and a value of any type.
pub trait Two<T> {
    /// How the body ended, as far as that is known.
    fn look(&self, returned: T) -> Looked<T>;
}

impl<T, E, F> Two<Result<Result<T, F>, E>> for &Depth<Result<Result<T, F>, E>>
where
    E: Debug + 'static,
    F: Debug + 'static,
{
    fn look(&self, returned: Result<Result<T, F>, E>) -> Looked<Result<Result<T, F>, E>> {
        Looked::Into(match returned {
            Ok(inner) => inner.into_outcome(),
            Err(error) => Outcome::failed(error),
        })
    }
}

/// One result and a value of any type, or what a test cannot return, of which the compiler is to speak elsewhere.
pub trait One<T> {
    /// How the body ended, as far as that is known.
    fn look(&self, returned: T) -> Looked<T>;
}

impl<T> One<T> for Depth<T> {
    fn look(&self, returned: T) -> Looked<T> {
        Looked::At(returned)
    }
}
