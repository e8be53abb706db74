use std::fs;
use std::path::Path;

use indexmap::IndexMap;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::error::Error;

/// A test in a JUnit file.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) package: String,
    pub(crate) krate: String,
    pub(crate) test: String,
    pub(crate) status: Status,
}

/// What it came to, in the few words that JUnit has.
#[derive(Clone, Debug)]
pub(crate) enum Status {
    Passed,
    /// It failed as it should: told as skipped, with `expected-failure` for a type, for JUnit has no word for that.
    Expected {
        message: String,
    },
    /// It is not as it should be; `kind` is the verdict in a word.
    Failed {
        kind: String,
        message: String,
        text: String,
    },
}

/// Writes a JUnit file with a suite for each crate.
///
/// # Errors
///
/// Where it cannot be written.
pub(crate) fn write(path: &Path, name: &str, cases: &[Case]) -> Result<(), Error> {
    let mut suites: IndexMap<String, TestSuite> = IndexMap::new();
    for case in cases {
        let name = format!("{}::{}", case.package, case.krate);
        let junit = case.to_junit(&name);
        suites
            .entry(name)
            .or_insert_with_key(|name| TestSuite::new(name.as_str()))
            .add_test_case(junit);
    }
    let mut report = Report::new(name);
    report.add_test_suites(suites.into_values());
    let text = report
        .to_string()
        .map_err(|error| Error::unwritable(path, std::io::Error::other(error)))?;
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| Error::unwritable(path, error))
}

impl Case {
    fn to_junit(&self, suite: &str) -> TestCase {
        let status = match &self.status {
            Status::Passed => TestCaseStatus::success(),
            Status::Expected { message } => {
                let mut status = TestCaseStatus::skipped();
                status.set_type("expected-failure").set_message(message);
                status
            }
            Status::Failed { kind, message, text } => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_type(kind).set_message(message).set_description(text);
                status
            }
        };
        let mut case = TestCase::new(&*self.test, status);
        case.set_classname(suite);
        case
    }
}
