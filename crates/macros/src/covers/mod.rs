//! What a fail-first test covers: the sources that decide what it does, and a fingerprint of them.
//!
//! The attribute sees the tokens of one function. What the test does follows from more: the helpers that it calls, its cases
//! and fixtures, a fake in a crate of its own. So the attribute reads the sources of the crate that is being compiled and of
//! the path crates that only tests depend on, and follows the names in the test through them. That is done here, while the
//! crate compiles, and not when the test or the command runs: what is covered is then exactly what was built; cargo compiles
//! the crate again whenever one of these files changes, so a plain `cargo test` notices as much as the command does; and
//! neither the test program nor the command needs a parser for Rust.
//!
//! Names are followed by their last part alone, so what is covered is rather too much than too little. Where the syntax does
//! not show what is called, all of the target's test sources are covered.

mod canonical;
mod closure;
mod dev_only;
mod included;
mod items;
mod modules;
mod names;
mod of_test;
mod sources;
mod target;
mod uses;

pub(crate) use of_test::{Covers, of_test};
