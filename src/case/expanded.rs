//! What the attribute `test` expands to.

pub use super::body::{Body, body, body_with, sync_body, sync_body_with};
pub use super::expect::{FailFirst, kind};
pub use super::meta::{Flavor, Test, Timeout};
pub use super::outcome::{Failed, IntoOutcome, Outcome, outcome};
pub use super::run::{at, run};
