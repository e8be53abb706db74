use std::any::Any;
use std::error::Error;
use std::fmt;
use std::panic::Location;

use super::not_proven::NotProven;
use crate::case::resources::{ClockError, ConfigError, NeverHeld};
use crate::cause::{Cause, Nobody, Nothing};
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
    /// The error itself, where it is one of the harness.
    own: Option<Own>,
    at: Option<&'static Location<'static>>,
}

impl Unpin for CaseError where for<'a> Nobody<'a>: Nothing {}

impl CaseError {
    /// An error with this message.
    #[track_caller]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            at: Some(Location::caller()),
            ..Self::of_text(message.into())
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

    /// The error itself, where it is one of the harness.
    pub(in crate::case) fn own(&self) -> Option<&(dyn Error + 'static)> {
        let own = self.own.as_deref()?;
        Some(own)
    }

    /// The failure of a check, where it is one.
    pub(in crate::case) fn into_failure(self) -> Option<Box<Failure>> {
        self.own?.downcast().ok()
    }

    /// The error of a clean-up, which has no line.
    pub(in crate::case) fn returned<E: fmt::Display + fmt::Debug + 'static>(error: E) -> Self {
        let mut error = Some(error);
        let own = OWN.iter().find_map(|take| take(&mut error));
        let cause = match (&own, error) {
            (None, Some(error)) => Cause::of(error),
            (Some(own), _) => Cause::of_own::<E>(&**own),
            (None, None) => unreachable!("what is taken is an error of the harness"),
        };
        Self { cause, own, at: None }
    }

    pub(in crate::case) fn of_text(text: String) -> Self {
        Self {
            cause: Cause::of_text(text),
            own: None,
            at: None,
        }
    }
}

type Own = Box<dyn Error + Send + Sync>;

/// Each takes an error that is one of the harness, boxed or not, out of an `Option`.
const OWN: [fn(&mut dyn Any) -> Option<Own>; 6] = [
    take::<Failure>,
    take::<NotProven>,
    take::<NeverHeld>,
    take::<ConfigError>,
    take::<ClockError>,
    |error| {
        let boxed = error.downcast_mut::<Option<Own>>()?;
        let is_own = boxed.as_ref().is_some_and(|error| {
            error.is::<Failure>()
                || error.is::<NotProven>()
                || error.is::<NeverHeld>()
                || error.is::<ConfigError>()
                || error.is::<ClockError>()
        });
        if is_own { boxed.take() } else { None }
    },
];

fn take<T: Error + Send + Sync + 'static>(error: &mut dyn Any) -> Option<Own> {
    let error = error.downcast_mut::<Option<T>>()?.take()?;
    Some(Box::new(error))
}

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
            own: None,
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
