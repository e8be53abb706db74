//! `cargo ssot`: which fail-first tests are proven, and proof for those that are not.

mod build;
mod error;
mod exit;
mod git;
mod interrupt;
mod junit;
mod options;
mod output;
mod program;
mod progress;
mod project;
mod prove;
mod run;
mod tool;

fn main() {}
