//! Finds the interleaving in which one user's context reaches another.

pub mod interleave;
pub mod oracle;
#[allow(dead_code, reason = "the interleaver, under way")]
mod rng;
pub mod trace;
pub mod user;
