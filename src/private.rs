//! What the attribute `test` expands to names. Nobody else should: it changes without notice.

pub use std::boxed::Box;
pub use std::time::Duration;

#[cfg(feature = "rstest")]
pub use rstest;

pub use crate::case::expanded::{
    AnyReturn, Body, CoveredSources, Depth, Displayed, FailFirst, Failed, Flavor, IntoOutcome, One, Outcome,
    Returned, Test, Three, Timeout, Two, Undisplayed, Whole, at, begin, body, body_with, kind, outcome, run,
    surface, sync_body, sync_body_with, takes_hook,
};
