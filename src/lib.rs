//! Finds the interleaving in which one user's context reaches another, on plain tokio.

mod digest;
pub mod events;
pub mod interleave;
pub mod isolation;
pub mod oracle;
pub mod prelude;
pub mod reference;
mod rng;
pub mod trace;
pub mod user;
