//! The report of a test case as text.

mod failure;
mod finding;
mod summary;

pub(in crate::report::text) use failure::write as write_failure;
pub(in crate::report::text) use summary::write as write_summary;
