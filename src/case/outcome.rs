use std::any::Any;
use std::fmt;

/// How a body ended that came to its end.
#[derive(Debug)]
pub struct Outcome(pub(super) Result<(), Said>);

/// What a body returned as its error: itself, and as text.
pub(super) struct Said {
    pub(super) error: Box<dyn Any>,
    pub(super) text: String,
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
        }))
    }
}

/// How a body ended that returned this.
pub fn outcome(returned: impl IntoOutcome) -> Outcome {
    returned.into_outcome()
}

/// What is printed of a test that failed.
pub struct Failed(pub(super) String);

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
