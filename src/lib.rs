//! Finds the interleaving in which one user's context reaches another.

mod digest;
#[cfg_attr(
    not(test),
    expect(dead_code, unused_imports, reason = "the isolation room, under way, judges")
)]
pub mod oracle;
#[expect(dead_code, reason = "the interleaver, under way")]
mod rng;
#[cfg_attr(
    not(test),
    expect(dead_code, unused_imports, reason = "the isolation room, under way, records")
)]
pub mod trace;
#[cfg_attr(not(test), expect(dead_code, reason = "the isolation room, under way, casts"))]
pub mod user;
