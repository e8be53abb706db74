//! `cargo ssot prove`: fail-first tests at a revision before the fix, and here.

mod at_base;
mod base;
mod carry;
mod files;
mod listing;
mod manifest;
mod rounds;
mod submodules;
mod trees;
mod verdict;
mod worktree;
