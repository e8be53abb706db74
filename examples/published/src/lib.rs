//! Public faults in unmodified crates of crates.io, each with what it was fixed by.
//!
//! `cargo run` prints the table that the README and the book show; the tests require that every fault is found in every one of seven seeds.

mod channel;
mod fault;
mod http_cache;
mod memcached;
mod mutex;
mod read_through;
mod redis;
mod sentry;
mod singleflight;

pub use fault::{FAULTS, Fault, Run, SEEDS};
