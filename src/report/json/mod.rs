//! The report as JSON.

mod check;
mod document;
mod schedule;
mod seen;
mod steps;
mod summary;
mod test_case;
mod timeline;
mod violation;

pub(crate) use document::to_json;
