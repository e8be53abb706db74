use std::fmt;

use thiserror::Error;

use crate::composed::composed;

/// Why `prove_between` showed nothing. It quotes what was declared, and is no evidence of it.
#[derive(Error)]
#[error("{}", composed(_0.to_string()))]
pub struct NotProven(Why);

impl NotProven {
    pub(in crate::case) fn new(why: Why) -> Self {
        Self(why)
    }
}

#[derive(Debug, Error)]
pub(in crate::case) enum Why {
    #[error(
        "the test declares nothing to prove: give its attribute fail_first(issue = \"…\", expect = \"…\")"
    )]
    Undeclared,
    #[error(
        "the check passes with the faulty system, where it has to fail with {0}: it does not test the fault"
    )]
    BeforePasses(String),
    #[error("with the faulty system the check has to fail with {0}, and fails otherwise: {1}")]
    BeforeOtherwise(String, String),
    #[error(
        "the check fails with {0} with the sound system too: the fault is there, or the check reports a false positive"
    )]
    AfterFails(String),
    #[error("with the sound system the check fails: {0}")]
    AfterOtherwise(String),
}

impl fmt::Debug for NotProven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
