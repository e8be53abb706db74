//! What the attribute `test` expands to.

pub use super::body::{Body, body, body_with, sync_body, sync_body_with};
pub use super::depth::{Depth, One, Three, Two, Whole};
pub use super::meta::{CoveredSources, Flavor, Test, Timeout};
pub use super::outcome::{
    AnyReturn, Displayed, Failed, IntoOutcome, Outcome, Returned, Undisplayed, outcome,
};
pub use super::run::{at, begin, run, takes_hook};
pub use crate::fail_first::{FailFirst, kind, surface};
