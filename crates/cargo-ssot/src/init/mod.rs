//! `cargo ssot init`: a first test, a line for `.gitignore` and a CI snippet.

mod ci;
mod command;
mod files;

pub(crate) use command::{Args, init};
