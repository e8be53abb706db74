//! Pairs of polls on two threads at once, for faults that no schedule shows.

mod pairing;
mod racing;
mod runner;

pub(crate) use racing::{Race, race};
