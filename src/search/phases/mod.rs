//! The phases of a search, one type each, and the loop that runs them.

mod cold;
mod dropped_calls;
mod generated;
mod kept;
mod outlives;
mod racing;
mod random;
mod systematic;
mod vacuity;
mod whole;

pub(super) use cold::judge_cold;
