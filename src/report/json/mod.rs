//! The report as JSON.

mod document;
mod schedule;
mod seen;
mod summary;
mod timeline;
mod violation;

pub(crate) use document::to_json;
