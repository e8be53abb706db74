//! A search under way: executions that are judged, and what they come to.

mod executing;
mod state;
mod summing_up;

pub(crate) use state::CheckPlan;
pub(super) use state::{Explorer, Failing, Stop};
