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
        }))
    }

    /// A body that returned what says the same in other words.
    pub(super) fn failed_with(text: String) -> Self {
        Self(Err(Said {
            text,
            error: Box::new(()),
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

/// How a body ended that returned this.
pub fn outcome<T: AnyReturn>(returned: T, look: impl FnOnce(T) -> Looked<T>) -> Outcome {
    match look(returned) {
        Looked::Into(outcome) => outcome,
        Looked::At(returned) => returned.into_outcome(),
    }
}

/// What is printed of a test that failed.
pub struct Failed(pub(super) String);

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
