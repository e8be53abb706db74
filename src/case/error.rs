use std::any::Any;
use std::fmt;
use std::panic::Location;

use super::ConfigError;
use crate::cause::{Cause, Known, Nobody, Nothing};
use crate::isolation::{Failure, ScriptError};

/// What a test, a set-up, a tear-down or a clean-up returns.
pub type CaseResult<T = ()> = Result<T, CaseError>;

/// Why a test failed: any error, and the line of the test that it came up in.
///
/// `?` makes one of whatever is `Display` and `Debug`: errors, boxed ones, `anyhow::Error`, and text; [`CaseError::new`] makes one
/// of a text. It is not an `Error` itself, for it is an end: what is left to do with it is to be printed.
///
/// ```
/// use ssot_harness::CaseResult;
///
/// fn port(text: &str) -> CaseResult<u16> {
///     if text.is_empty() {
///         Err("there is no port")?;
///     }
///     Ok(text.parse()?)
/// }
///
/// let error = port("eighty").unwrap_err();
/// assert!(error.to_string().starts_with("invalid digit found in string (at "), "{error}");
/// ```
pub struct CaseError {
    cause: Cause,
    failure: Option<Box<Failure>>,
    at: Option<&'static Location<'static>>,
}

impl Unpin for CaseError where for<'a> Nobody<'a>: Nothing {}

impl CaseError {
    /// An error that says this.
    #[track_caller]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            at: Some(Location::caller()),
            ..Self::said(message.into())
        }
    }

    /// The error itself, and its sources, as text.
    #[must_use]
    pub fn error(&self) -> &Cause {
        &self.cause
    }

    /// Where it became the test's: the `?` or the call of [`new`](Self::new). Nowhere, where a clean-up returned an error
    /// as it was.
    #[must_use]
    pub fn location(&self) -> Option<&'static Location<'static>> {
        self.at
    }

    /// The failure of a check, where it is one.
    pub(super) fn failure(&self) -> Option<&Failure> {
        self.failure.as_deref()
    }

    pub(super) fn into_failure(self) -> Option<Box<Failure>> {
        self.failure
    }

    /// The error of a clean-up, which has no line.
    pub(super) fn returned<E: fmt::Display + fmt::Debug + 'static>(error: E) -> Self {
        let mut error = Some(error);
        let failure = (&mut error as &mut dyn Any)
            .downcast_mut::<Option<Failure>>()
            .and_then(Option::take);
        match (failure, error) {
            (Some(failure), _) => Self {
                cause: Cause::of_text(failure.to_string()),
                failure: Some(Box::new(failure)),
                at: None,
            },
            (None, Some(error)) => Self {
                cause: Cause::of(error, &KNOWN),
                failure: None,
                at: None,
            },
            (None, None) => unreachable!("what is taken is a failure"),
        }
    }

    pub(super) fn said(text: String) -> Self {
        Self {
            cause: Cause::of_text(text),
            failure: None,
            at: None,
        }
    }
}

/// Errors of the harness that have sources.
const KNOWN: [Known; 1] = [|any| any.downcast_ref::<ConfigError>().map(|error| error as _)];

impl<E: fmt::Display + fmt::Debug + Unpin + 'static> From<E> for CaseError {
    #[track_caller]
    fn from(error: E) -> Self {
        Self {
            at: Some(Location::caller()),
            ..Self::returned(error)
        }
    }
}

impl From<ScriptError> for CaseError {
    #[track_caller]
    fn from(error: ScriptError) -> Self {
        Self {
            cause: error.into_cause(),
            failure: None,
            at: Some(Location::caller()),
        }
    }
}

impl From<CaseError> for ScriptError {
    fn from(error: CaseError) -> Self {
        Self::of_cause(error.cause)
    }
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause.chain())?;
        match self.at {
            Some(at) => write!(f, " (at {at})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        match self.cause.detail() {
            Some(detail) => write!(f, "\nin full: {detail}"),
            None => Ok(()),
        }
    }
}
