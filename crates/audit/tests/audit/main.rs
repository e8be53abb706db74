//! The audit on workspaces that the tests write.

mod escapes;
mod rules;
mod workspaces;
