//! What the attribute `test` expands to.

pub use super::body::{Body, body, body_with, sync_body, sync_body_with};
pub use super::depth::{Depth, One, Three, Two, Whole};
pub use super::meta::{Flavor, Test, Timeout};
pub use super::outcome::{AnyReturn, Failed, IntoOutcome, Outcome, outcome};
pub use super::run::{at, run, takes_hook};
pub use crate::fail_first::{FailFirst, kind, surface};
