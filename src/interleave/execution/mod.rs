//! One execution: what is decided at each step, and how it is carried out.

mod carrying_out;
mod deciding;
mod state;

pub(super) use state::Execution;
