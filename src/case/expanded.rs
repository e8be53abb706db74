//! What the attribute `test` expands to.

pub use super::body::{Body, body, body_with, sync_body, sync_body_with};
pub use super::meta::{Flavor, Test, Timeout};
pub use super::outcome::{Failed, IntoOutcome, Outcome, outcome};
pub use super::run::{at, run};
pub use crate::fail_first::{FailFirst, kind, surface};
