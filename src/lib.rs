//! Finds the interleaving in which one user's context reaches another, on plain tokio.

mod digest;
pub mod interleave;
#[allow(dead_code, unused_imports, reason = "under way")]
pub mod isolation;
#[allow(dead_code, unused_imports, reason = "under way")]
pub mod oracle;
pub mod prelude;
mod rng;
#[allow(dead_code, unused_imports, reason = "under way")]
pub mod trace;
#[allow(dead_code, unused_imports, reason = "under way")]
pub mod user;
