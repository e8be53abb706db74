//! The check that users stay apart: builder, phases, report.

mod failure;
mod finding;
mod render;
mod report;

pub use failure::{Failure, FailureKind};
pub use report::Report;

/// What a check comes to.
pub type Verdict = Result<Report, Failure>;
