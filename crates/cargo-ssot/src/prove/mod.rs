//! `cargo ssot prove`: fail-first tests at a revision before the fix, and here.

mod advice;
mod at_base;
mod base;
mod carry;
mod command;
mod configs;
mod dep_info;
mod files;
mod found;
mod listing;
mod lock;
mod manifest;
mod patches;
mod proof;
mod recording;
mod report;
mod rounds;
mod side;
mod sources;
mod submodules;
mod trees;
mod verdict;
mod worktree;
mod written_out;

pub(crate) use command::{Args, prove};
