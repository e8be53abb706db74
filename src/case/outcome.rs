use std::any::Any;
use std::fmt;

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

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What a test may return.
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
        Outcome(Ok(()))
    }
}

impl<T, E: fmt::Debug + 'static> IntoOutcome for Result<T, E> {
    fn into_outcome(self) -> Outcome {
        Outcome(self.map(drop).map_err(|error| Said {
            text: format!("{error:?}"),
            error: Box::new(error),
            message: None,
        }))
    }
}

/// How a body ended that returned this; `message` looks for what its error displays.
pub fn outcome<R: IntoOutcome>(returned: R, message: impl FnOnce(&R) -> Option<String>) -> Outcome {
    let message = message(&returned);
    let mut outcome = returned.into_outcome();
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
