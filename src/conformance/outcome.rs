use std::fmt;

use super::Promise;
use crate::oracle::Kind;
use crate::report::{Failure, FailureKind, Report, Verdict};

/// What the check of a promise came to.
pub struct PromiseOutcome {
    pub(super) promise: Promise,
    pub(super) inner: Inner,
}

pub(super) enum Inner {
    Kept(Box<Report>),
    Broken(Box<Failure>),
    /// Declared not to apply, with the reason.
    Exempt(&'static str),
    /// Declared not to apply, without one.
    Unexplained,
    /// A method that returned `None`.
    Undeclared(&'static str),
}

impl PromiseOutcome {
    /// The promise.
    #[must_use]
    pub fn promise(&self) -> Promise {
        self.promise
    }

    /// Whether the check passed.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        matches!(self.inner, Inner::Kept(_))
    }

    /// Why the promise does not apply, if the subject declares that it does not.
    #[must_use]
    pub fn exemption(&self) -> Option<&'static str> {
        match self.inner {
            Inner::Exempt(reason) => Some(reason),
            _ => None,
        }
    }

    /// The method of [`Subject`](super::Subject) that the check needs and that returned `None`.
    #[must_use]
    pub fn undeclared(&self) -> Option<&'static str> {
        match self.inner {
            Inner::Undeclared(method) => Some(method),
            _ => None,
        }
    }

    /// The report of the check that failed, or that could not be carried out.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match &self.inner {
            Inner::Broken(failure) => Some(failure),
            _ => None,
        }
    }

    /// The kinds of violation that were found, each once, the most telling first.
    #[must_use]
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds = Vec::new();
        for violation in self.failure().into_iter().flat_map(Failure::violations) {
            if !kinds.contains(&violation.kind()) {
                kinds.push(violation.kind());
            }
        }
        kinds
    }

    /// How many executions the check took.
    #[must_use]
    pub fn executions(&self) -> u64 {
        match &self.inner {
            Inner::Kept(report) => report.executions(),
            Inner::Broken(failure) => failure.executions(),
            _ => 0,
        }
    }

    /// The verdict of the check, for what takes verdicts, such as [`prove_between`](crate::prove_between).
    ///
    /// # Errors
    ///
    /// Returns the failure of the check, and a failure of kind [`Misuse`](crate::isolation::FailureKind::Misuse) if nothing was checked.
    pub fn into_verdict(self) -> Verdict {
        let text = self.to_string();
        match self.inner {
            Inner::Kept(report) => Ok(*report),
            Inner::Broken(failure) => Err(*failure),
            Inner::Exempt(_) | Inner::Unexplained | Inner::Undeclared(_) => Err(Failure::refused(
                FailureKind::Misuse,
                text,
                "check a promise that applies to the implementation",
            )),
        }
    }

    /// What a test returns: `Ok` if the promise is kept or declared not to apply, whose reason is then printed on stderr.
    ///
    /// # Errors
    ///
    /// Returns the outcome if the promise is broken, and if the check could not be carried out.
    pub fn into_result(self) -> Result<(), Unkept> {
        match self.inner {
            Inner::Kept(_) => Ok(()),
            Inner::Exempt(_) => {
                eprintln!("{self}");
                Ok(())
            }
            _ => Err(Unkept(self)),
        }
    }
}

impl fmt::Display for PromiseOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let promise = self.promise;
        match &self.inner {
            Inner::Kept(report) => write!(f, "{promise}: kept in {} executions", report.executions()),
            Inner::Broken(failure) => write!(f, "{promise}: broken\n\n{failure}"),
            Inner::Exempt(reason) => write!(f, "{promise}: does not apply: {reason}"),
            Inner::Unexplained => write!(
                f,
                "{promise}: declared not to apply without a reason; give the reason in `exemptions`"
            ),
            Inner::Undeclared(method) => write!(
                f,
                "{promise}: `Subject::{method}` returned `None`, so that nothing could be checked; implement it, or declare in \
                 `exemptions` why the promise does not apply"
            ),
        }
    }
}

impl fmt::Debug for PromiseOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A promise that is not kept. Its `Debug` is the whole report, for that is what `cargo test` prints.
pub struct Unkept(PromiseOutcome);

impl Unkept {
    /// What the check came to.
    #[must_use]
    pub fn outcome(&self) -> &PromiseOutcome {
        &self.0
    }
}

impl fmt::Display for Unkept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Unkept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Unkept {}
