//! Finds the interleaving in which one user's context reaches another.

pub mod events;
pub mod oracle;
pub mod reference;
#[expect(dead_code, reason = "the interleaver, under way")]
mod rng;
pub mod trace;
pub mod user;
