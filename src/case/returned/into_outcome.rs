use std::fmt;

use super::outcome::Outcome;
use super::success::Success;

/// What a test may return, where a failure may be found in it at any depth.
#[diagnostic::on_unimplemented(
    message = "a test cannot return `{Self}`",
    label = "a test returns `()`, `CaseResult`, `Verdict` or any `Result<_, E>` with `E: Debug`"
)]
pub trait IntoOutcome {
    /// How the body ended.
    fn into_outcome(self) -> Outcome;
}

impl IntoOutcome for () {
    fn into_outcome(self) -> Outcome {
        Outcome::PASSED
    }
}

impl<T: Success, E: fmt::Debug + 'static> IntoOutcome for Result<T, E> {
    fn into_outcome(self) -> Outcome {
        self.outcome()
    }
}

/// The same where what is within `Ok` is a value of any type.
#[diagnostic::on_unimplemented(
    message = "a test cannot return `{Self}`",
    label = "a test returns `()`, `CaseResult`, `Verdict` or any `Result<_, E>` with `E: Debug`"
)]
pub trait AnyReturn {
    /// How the body ended.
    fn into_outcome(self) -> Outcome;
}

impl AnyReturn for () {
    fn into_outcome(self) -> Outcome {
        Outcome::PASSED
    }
}

impl<T, E: fmt::Debug + 'static> AnyReturn for Result<T, E> {
    fn into_outcome(self) -> Outcome {
        match self {
            Ok(value) => {
                drop(value);
                Outcome::PASSED
            }
            Err(error) => Outcome::failed(error),
        }
    }
}

/// What the attribute asks for the text of an error. `Debug` is all that a test's error has to have; one that has `Display`
/// says there what it says to a reader, and there its message is looked for. The method that is found first is taken:
/// [`Displayed`]'s, where it is there.
#[derive(Debug)]
pub struct Returned<'r, R>(pub &'r R);

/// A result whose error has `Display`.
pub trait Displayed {
    /// What the error displays.
    fn message(&self) -> Option<String>;
}

impl<T, E: fmt::Display> Displayed for Returned<'_, Result<T, E>> {
    fn message(&self) -> Option<String> {
        self.0.as_ref().err().map(ToString::to_string)
    }
}

/// Whatever else a test returns.
pub trait Undisplayed {
    /// Nothing is known.
    fn message(&self) -> Option<String> {
        None
    }
}

impl<R> Undisplayed for &Returned<'_, R> {}
