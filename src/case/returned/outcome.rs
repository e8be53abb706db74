use std::any::Any;
use std::fmt;

use crate::panics::attempt;

/// How a body ended that came to its end.
#[derive(Debug)]
pub struct Outcome(pub(in crate::case) Result<(), ReturnedError>);

/// What a body returned as its error: itself, and as text.
pub(in crate::case) struct ReturnedError {
    pub(in crate::case) error: Box<dyn Any>,
    pub(in crate::case) text: String,
    /// Its `Display` text, where it has one that is known.
    pub(in crate::case) message: Option<String>,
}

impl Outcome {
    pub(in crate::case) const PASSED: Self = Self(Ok(()));

    /// A body that returned this as its error, at whatever depth.
    pub(in crate::case) fn failed<E: fmt::Debug + 'static>(error: E) -> Self {
        let text = attempt(|| format!("{error:?}")).unwrap_or_else(|panic| {
            format!(
                "an error of type {}, which panicked when it was printed: {panic}",
                std::any::type_name::<E>()
            )
        });
        Self(Err(ReturnedError {
            text,
            error: Box::new(error),
            message: None,
        }))
    }

    /// A body that returned a failure which is not an error, described by `text`.
    pub(in crate::case) fn failed_with(text: String) -> Self {
        Self(Err(ReturnedError {
            text,
            error: Box::new(()),
            message: None,
        }))
    }
}

impl fmt::Debug for ReturnedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What is printed of a test that failed.
pub struct Failed(pub(in crate::case) String);

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
