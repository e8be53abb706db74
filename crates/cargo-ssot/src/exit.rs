use std::process::ExitCode;

use crate::error::{Error, ErrorKind};

/// How the command ends, for scripts. `cargo ssot --help` lists these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing is amiss.
    Fine = 0,
    /// A test is unproven, stale, regressed or otherwise not as it should be.
    Findings = 1,
    /// The call cannot be understood, or there is nothing that it applies to.
    BadInput = 2,
    /// Cargo, the test runner, git or the compiler failed.
    ToolFailed = 3,
    /// A file could not be read, or a result not be written; the ledger is unharmed.
    FileFailed = 4,
    /// `git bisect run` skips the revision.
    Skip = 125,
    /// A signal came; what it began is tidied up.
    Interrupted = 130,
}

/// The table for `--help`.
pub(crate) const TABLE: &str = "\
Exit status:
  0    nothing is amiss
  1    a test is unproven, stale, regressed, or otherwise not as it should be,
       or the audit found something new
  2    the call cannot be understood, or there is nothing that it applies to
  3    cargo, the test runner, git or the compiler failed
  4    a file could not be read, or a result not be written; the ledger is unharmed
  125  in place of 2 and 3 under `gate --bisect`: `git bisect run` skips the revision
  130  interrupted: nothing is left behind, and nothing was recorded";

impl Exit {
    /// How an error ends the command.
    pub(crate) fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Usage
            | ErrorKind::NoProject
            | ErrorKind::NoHarness
            | ErrorKind::NoTests
            | ErrorKind::NoMatch
            | ErrorKind::NoRepository
            | ErrorKind::NoRevision
            | ErrorKind::Shallow
            | ErrorKind::Ci => Self::BadInput,
            ErrorKind::Cargo | ErrorKind::Build | ErrorKind::Run | ErrorKind::Git => Self::ToolFailed,
            ErrorKind::Interrupted => Self::Interrupted,
            ErrorKind::Read | ErrorKind::Write => Self::FileFailed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
