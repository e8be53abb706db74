//! What the attribute `test` expands to names. Nobody else should: it changes without notice.

pub use std::boxed::Box;
pub use std::time::Duration;

#[cfg(feature = "insta")]
pub use insta;
#[cfg(feature = "rstest")]
pub use rstest;

/// The text that an event snapshot is compared with.
///
/// # Panics
///
/// Where there is no event.
#[cfg(feature = "insta")]
#[must_use]
#[track_caller]
pub fn event_snapshot(events: &impl crate::events::EventSnapshot) -> String {
    events.event_snapshot().unwrap_or_else(|why| panic!("{why}"))
}

pub use crate::case::expanded::{
    AnyReturn, Body, CoveredSources, Depth, Displayed, FailFirst, Failed, Flavor, IntoOutcome, One, Outcome,
    Returned, Test, Three, Timeout, Two, Undisplayed, Whole, at, begin, body, body_with, kind, outcome, run,
    surface, sync_body, sync_body_with, takes_hook,
};
