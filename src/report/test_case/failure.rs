use std::panic::Location;

use super::finding::{Problem, TestFinding};
use crate::report::CheckFailure;

/// A test that failed, with all that its report says.
#[derive(Debug)]
pub(crate) struct TestFailure {
    /// The test's path within its crate.
    pub(crate) test: String,
    /// The file of its body, which the lines of the findings are of.
    pub(crate) file: &'static str,
    /// Never empty.
    pub(crate) findings: Vec<TestFinding>,
    /// In the order in which they were run.
    pub(crate) cleaned: Vec<Cleaned>,
    /// The end of its log, a line an event.
    pub(crate) log: Vec<String>,
    /// What its users were drawn from, where some were.
    pub(crate) seed: Option<u64>,
}

impl TestFailure {
    /// Where nothing but a check failed, that: its own report says everything there is to say.
    pub(crate) fn only_check(&self) -> Option<&CheckFailure> {
        match &self.findings[..] {
            [
                TestFinding {
                    problem: Problem::Error { failure, .. },
                    ..
                },
            ] => failure.as_ref(),
            _ => None,
        }
    }
}

/// A clean-up or tear-down that was run, and whether it went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cleaned {
    pub(crate) what: CleanedWhat,
    pub(crate) well: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CleanedWhat {
    TearDown(&'static str),
    Registered(&'static Location<'static>),
}
