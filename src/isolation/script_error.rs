use std::fmt;

use crate::cause::{Cause, Nobody, Nothing};

/// Why a script ended: any error.
///
/// `?` makes one of whatever is `Display` and `Debug`: errors, boxed ones with and without `Send + Sync`, `anyhow::Error`, and text.
pub struct ScriptError(Cause);

impl Unpin for ScriptError where for<'a> Nobody<'a>: Nothing {}

impl ScriptError {
    pub(crate) fn of_cause(cause: Cause) -> Self {
        Self(cause)
    }

    pub(crate) fn into_cause(self) -> Cause {
        self.0
    }
}

impl<E: fmt::Display + fmt::Debug + Unpin + 'static> From<E> for ScriptError {
    fn from(error: E) -> Self {
        Self(Cause::of(error))
    }
}

/// The error and its sources, as one line.
impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.chain())
    }
}

impl fmt::Debug for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
