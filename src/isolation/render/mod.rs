//! What a person reads of a check's outcome.

mod cell;
mod columns;
mod ending;
mod excerpt;
mod facts;
mod failure;
mod folding;
mod found;
mod lanes;
mod leak;
mod nondeterminism;
mod page;
mod quoting;
mod replay;
mod report;
mod rows;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod snapshots;
mod spans;
mod style;
mod text;
mod timeline;
mod truncation;
mod words;
mod wrap;

pub(crate) use failure::failure;
pub(crate) use report::report;
pub(crate) use style::Style;
