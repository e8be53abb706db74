//! Errors of the audit as those of the command.

use ssot_audit::Error as AuditError;

use crate::error::{Error, ErrorKind};

/// What the command says of an audit that cannot be done.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
pub(super) fn error_of(error: AuditError) -> Error {
    let source = std::error::Error::source(&error).map(ToString::to_string);
    let (kind, what, remedy) = match &error {
        AuditError::Workspace { folder, .. } => {
            let what = format!("cargo cannot read a workspace at {}", folder.display());
            let remedy =
                "go to a cargo project, or name one with --manifest-path; see that `cargo metadata` works";
            (ErrorKind::NoProject, what, remedy)
        }
        AuditError::Configuration { path, count, text } => {
            let mistakes = if *count == 1 {
                "1 mistake".to_owned()
            } else {
                format!("{count} mistakes")
            };
            let what = format!("{} has {mistakes}", path.display());
            let error = Error::new(ErrorKind::Usage, what, "put them right; no rule was checked");
            return error.with_details(text.clone());
        }
        AuditError::Baseline { path, line, what } => {
            let what = format!("{}:{line}: {what}", path.display());
            (
                ErrorKind::Read,
                what,
                "put the line right, or take the file from the version control",
            )
        }
        AuditError::NoBaseline { path } => {
            let what = format!("there is no baseline {}", path.display());
            (
                ErrorKind::Read,
                what,
                "accept what is found now with --allow-growth REASON, and commit the file",
            )
        }
        AuditError::Read { path, .. } => {
            let what = format!("{} cannot be read", path.display());
            (
                ErrorKind::Read,
                what,
                "let this command read it, and call it again",
            )
        }
        AuditError::Write { path, .. } => {
            let what = format!("{} cannot be written", path.display());
            (
                ErrorKind::Write,
                what,
                "make room for it, let this command write there, and call it again",
            )
        }
        other => (
            ErrorKind::Usage,
            other.to_string(),
            "see `cargo ssot audit --help`",
        ),
    };
    let told = Error::new(kind, what, remedy);
    match source {
        None => told,
        Some(source) => told.because(source),
    }
}
