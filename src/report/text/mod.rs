//! The report as text.

mod cell;
mod columns;
mod ending;
mod escaping;
mod excerpt;
mod facts;
mod failure;
mod found;
mod lanes;
mod leak;
mod nondeterminism;
mod outcome;
mod page;
mod passed;
mod quoting;
mod replay;
#[cfg(test)]
mod snapshots;
mod style;
mod tasks;
mod test_case;
mod timeline;
mod truncation;
mod words;
mod wrap;

pub(super) use outcome::written;
pub(super) use style::Style;
