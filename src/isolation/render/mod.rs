//! What a person reads of a check's outcome.

mod failure;
mod report;
mod style;

pub(crate) use failure::failure;
pub(crate) use report::report;
pub(crate) use style::Style;
