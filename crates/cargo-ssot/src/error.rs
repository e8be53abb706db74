use std::error::Error as StdError;
use std::io;
use std::path::Path;

use thiserror::Error;

/// Why the command cannot do what it was asked for. Prints as a fragment that says what to do next.
#[derive(Debug, Error)]
#[error("{what}; {remedy}")]
pub(crate) struct Error {
    kind: ErrorKind,
    what: String,
    remedy: String,
    details: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What an `Error` is about, for the exit status and for `--json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum ErrorKind {
    /// The call contradicts itself.
    Usage,
    /// There is no cargo package, or not that one.
    NoProject,
    /// No package depends on ssot-harness.
    NoHarness,
    /// There is no fail-first test.
    NoTests,
    /// The filter matches nothing.
    NoMatch,
    /// The folder is in no git repository.
    NoRepository,
    /// There is no such revision, or none was named and none could be guessed.
    NoRevision,
    /// The clone is shallow, and what is needed was not fetched.
    Shallow,
    /// `CI` is set, where nothing is recorded.
    Ci,
    /// A signal came.
    Interrupted,
    /// Cargo could not read the project.
    Cargo,
    /// The test programs could not be built.
    Build,
    /// The test runner could not run.
    Run,
    /// Git failed.
    Git,
    /// A file could not be read.
    Read,
    /// A file, or standard output, could not be written.
    Write,
}

impl ErrorKind {
    /// As `--json` has it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::NoProject => "no-project",
            Self::NoHarness => "no-harness",
            Self::NoTests => "no-tests",
            Self::NoMatch => "no-match",
            Self::NoRepository => "no-repository",
            Self::NoRevision => "no-revision",
            Self::Shallow => "shallow",
            Self::Ci => "ci",
            Self::Interrupted => "interrupted",
            Self::Cargo => "cargo",
            Self::Build => "build",
            Self::Run => "run",
            Self::Git => "git",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl Error {
    /// What is wrong, and what to do; both lower-case fragments.
    pub(crate) fn new(kind: ErrorKind, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            remedy: remedy.into(),
            details: String::new(),
            source: None,
        }
    }

    /// The same with what brought it about.
    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same with what a tool said, which is shown above it.
    pub(crate) fn with_details(mut self, details: impl Into<String>) -> Self {
        self.details = details.into();
        self
    }

    /// The same with where it went wrong.
    pub(crate) fn at(mut self, place: &str) -> Self {
        self.what = format!("{place}, {}", self.what);
        self
    }

    /// A file that cannot be read.
    pub(crate) fn unreadable(path: &Path, source: io::Error) -> Self {
        let what = format!("{} cannot be read", path.display());
        Self::new(
            ErrorKind::Read,
            what,
            "let this command read it, and call it again",
        )
        .because(source)
    }

    /// A file that cannot be written.
    pub(crate) fn unwritable(path: &Path, source: io::Error) -> Self {
        let what = format!("{} cannot be written", path.display());
        let remedy = "make room for it, let this command write there, and call it again";
        Self::new(ErrorKind::Write, what, remedy).because(source)
    }

    /// What it is about.
    pub(crate) fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What a tool said, in lines; empty where none did.
    pub(crate) fn details(&self) -> &str {
        &self.details
    }

    /// What is wrong, what brought that about, and what to do, in one line.
    pub(crate) fn with_sources(&self) -> String {
        let mut text = self.what.clone();
        let mut source = self.source();
        while let Some(error) = source {
            text.push_str(": ");
            text.push_str(error.to_string().trim_end());
            source = error.source();
        }
        format!("{text}; {}", self.remedy)
    }
}
