//! What the attribute `test` expands to names. Nobody else should: it changes without notice.

pub use std::boxed::Box;
pub use std::time::Duration;

#[cfg(feature = "rstest")]
pub use rstest;

pub use crate::case::expanded::{
    Body, CoveredSources, Displayed, FailFirst, Failed, Flavor, IntoOutcome, Outcome, Returned, Test,
    Timeout, Undisplayed, at, begin, body, body_with, kind, outcome, run, surface, sync_body, sync_body_with,
};
