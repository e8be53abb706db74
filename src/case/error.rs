use std::error::Error;
use std::fmt;
use std::panic::Location;

use crate::isolation::Failure;

/// What a test, a set-up, a tear-down or a clean-up returns.
pub type CaseResult<T = ()> = Result<T, CaseError>;

/// Why a test failed: any error, and the line of the test that it came up in.
///
/// `?` makes one of every error; [`CaseError::new`] of a text. It is not an `Error` itself, for it is an end: what is
/// left to do with it is to be printed.
///
/// ```
/// use ssot_harness::CaseResult;
///
/// fn port(text: &str) -> CaseResult<u16> {
///     Ok(text.parse()?)
/// }
///
/// let error = port("eighty").unwrap_err();
/// assert!(error.to_string().starts_with("invalid digit found in string (at "), "{error}");
/// ```
pub struct CaseError {
    error: Box<dyn Error + Send + Sync>,
    at: Option<&'static Location<'static>>,
}

impl CaseError {
    /// An error that says this.
    #[track_caller]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            error: message.into().into(),
            at: Some(Location::caller()),
        }
    }

    /// The error itself.
    #[must_use]
    pub fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.error
    }

    /// Where it became the test's: the `?` or the call of [`new`](Self::new). Nowhere, where a clean-up returned an error
    /// as it was.
    #[must_use]
    pub fn location(&self) -> Option<&'static Location<'static>> {
        self.at
    }

    /// The failure of a check, where it is one.
    pub(super) fn into_failure(self) -> Option<Box<Failure>> {
        self.error.downcast().ok()
    }

    pub(super) fn returned(error: impl Error + Send + Sync + 'static) -> Self {
        Self {
            error: Box::new(error),
            at: None,
        }
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for CaseError {
    #[track_caller]
    fn from(error: E) -> Self {
        Self {
            error: Box::new(error),
            at: Some(Location::caller()),
        }
    }
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.error)?;
        let mut source = self.error.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        match self.at {
            Some(at) => write!(f, " (at {at})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
