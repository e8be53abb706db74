//! The audit on workspaces that the tests write.

mod as_a_test;
mod bad_input;
mod baseline;
mod configuration;
mod escapes;
mod legacy;
mod look_out;
mod origin;
mod reports;
mod resolution;
mod rules;
mod workspaces;
