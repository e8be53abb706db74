use std::any::Any;
use std::fmt;

use super::depth::Looked;
use super::success::Success;
use crate::panics::attempt;

/// How a body ended that came to its end.
#[derive(Debug)]
pub struct Outcome(pub(super) Result<(), Said>);

/// What a body returned as its error: itself, and as text.
pub(super) struct Said {
    pub(super) error: Box<dyn Any>,
    pub(super) text: String,
    /// What its `Display` says, where it has one and that is known.
    pub(super) message: Option<String>,
}

impl Outcome {
    pub(super) const PASSED: Self = Self(Ok(()));

    /// A body that returned this as its error, at whatever depth.
    pub(super) fn failed<E: fmt::Debug + 'static>(error: E) -> Self {
        let text = attempt(|| format!("{error:?}")).unwrap_or_else(|panic| {
            format!(
                "an error of type {}, which panicked when it was printed: {panic}",
                std::any::type_name::<E>()
            )
        });
        Self(Err(Said {
            text,
            error: Box::new(error),
            message: None,
        }))
    }

    /// A body that returned what says the same in other words.
    pub(super) fn failed_with(text: String) -> Self {
        Self(Err(Said {
            text,
            error: Box::new(()),
            message: None,
        }))
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

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
    if let Err(said) = &mut outcome.0 {
        said.message = message;
    }
    outcome
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

/// What is printed of a test that failed.
pub struct Failed(pub(super) String);

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
