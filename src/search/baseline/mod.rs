//! One script under one identity seed: what its users do when they are alone, or one after another, and what is judged by that.

mod repeats;
mod solo_runs;
mod state;
mod together;

pub(super) use state::{Baseline, Outlived};
