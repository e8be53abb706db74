//! The audit on workspaces that the tests write.

mod bad_input;
mod baseline;
mod escapes;
mod origin;
mod reports;
mod rules;
mod workspaces;
