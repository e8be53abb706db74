//! What the attribute `test` expands to.

pub use super::returned::{
    AnyReturn, Depth, Displayed, Failed, IntoOutcome, One, Outcome, Returned, Three, Two, Undisplayed, Whole,
    outcome,
};
pub use super::runner::{Body, at, begin, body, body_with, run, sync_body, sync_body_with, takes_hook};
pub use super::state::{CoveredSources, Flavor, Test, Timeout};
pub use crate::fail_first::{FailFirst, kind, surface};
