use std::collections::HashSet;
use std::path::PathBuf;

use ssot_harness::__command::{Ledger, LedgerError, State};

use crate::error::{Error, ErrorKind};
use crate::program::{Built, TestRef};
use crate::project::{Package, Project};
use crate::session::Session;

/// How many tests an error lists that has to say which there are.
const LISTED: usize = 8;

/// The fail-first tests that are meant, each with what is on record of it, and what is on record without a test.
#[derive(Debug)]
pub(crate) struct Survey<'a> {
    /// In the order of package, program and path.
    pub(crate) tests: Vec<Test<'a>>,
    pub(crate) orphans: Vec<Orphan<'a>>,
}

/// A fail-first test, with what is on record of it.
#[derive(Debug)]
pub(crate) struct Test<'a> {
    pub(crate) at: TestRef<'a>,
    pub(crate) known: Known,
}

/// What is on record of a test.
#[derive(Debug)]
pub(crate) enum Known {
    State(State),
    Unreadable(LedgerError),
}

/// A file of the ledger that belongs to no test.
#[derive(Debug)]
pub(crate) struct Orphan<'a> {
    pub(crate) package: &'a Package,
    /// Relative to the package.
    pub(crate) file: PathBuf,
}

/// Looks up what is on record of every test that a filter means.
///
/// # Errors
///
/// Where there is none, or the ledger's folder cannot be read.
pub(crate) fn survey<'a>(
    session: &'a Session,
    built: &'a Built,
    filters: &[String],
) -> Result<Survey<'a>, Error> {
    let orphans = orphans(&session.project, &session.options.packages, built, filters)?;
    let tests: Vec<Test<'_>> = built
        .tests()
        .filter(|test| test.is_meant_by(filters))
        .map(Test::of)
        .collect();
    if tests.is_empty() && orphans.is_empty() {
        return Err(nothing_meant(built, filters));
    }
    Ok(Survey { tests, orphans })
}

/// Why no test that was built is meant: there is none, or filters mean others.
pub(crate) fn nothing_meant(built: &Built, filters: &[String]) -> Error {
    let mut names: Vec<&str> = built.tests().map(|test| &*test.declared.test).collect();
    if names.is_empty() {
        return Error::new(
            ErrorKind::NoTests,
            "there is no fail-first test among those that were built",
            "declare one, #[ssot_harness::test(fail_first(issue = \"…\", expect = \"…\"))], or name the features that those \
             need which there are: --features",
        );
    }
    let more = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    let rest = match more {
        0 => String::new(),
        more => format!(", and {more} more: see `cargo ssot status`"),
    };
    let remedy = format!("there is {}{rest}", names.join(", "));
    let what = format!("no fail-first test has `{}` in its path", filters.join("` or `"));
    Error::new(ErrorKind::NoMatch, what, remedy)
}

fn orphans<'a>(
    project: &'a Project,
    packages: &[String],
    built: &Built,
    filters: &[String],
) -> Result<Vec<Orphan<'a>>, Error> {
    let mut orphans = Vec::new();
    for package in project.harnessed(packages)? {
        let ledger = Ledger::of_package(&package.folder);
        let files = ledger
            .files()
            .map_err(|error| Error::unreadable(&package.folder.join("fail-first"), error))?;
        let tests: HashSet<PathBuf> = built
            .tests()
            .filter(|test| test.program.package.id == package.id)
            .map(TestRef::ledger_file)
            .collect();
        let of_package = files
            .into_iter()
            .filter(|file| !tests.contains(file) && is_meant(file, filters))
            .map(|file| Orphan { package, file });
        orphans.extend(of_package);
    }
    Ok(orphans)
}

/// Whether a filter means the test that a file would be of.
fn is_meant(file: &std::path::Path, filters: &[String]) -> bool {
    let parts: Vec<_> = file
        .with_extension("")
        .iter()
        .skip(1)
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let path = parts.join("::");
    filters.is_empty() || filters.iter().any(|filter| path.contains(&**filter))
}

impl<'a> Test<'a> {
    fn of(at: TestRef<'a>) -> Self {
        let known = match at.on_record() {
            Ok(entry) => Known::State(State::of_declared(entry, at.declared)),
            Err(error) => Known::Unreadable(error),
        };
        Self { at, known }
    }
}
