use std::time::Duration;

use indexmap::IndexMap;

/// What a test that passes says of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TestSummary<'s> {
    /// The test's path within its crate.
    pub(crate) test: &'s str,
    /// What its users are drawn from.
    pub(crate) seed: u64,
    pub(crate) elapsed: Duration,
    /// In the order of their ends.
    pub(crate) phases: &'s [(String, Duration)],
    pub(crate) metrics: &'s IndexMap<String, u64>,
}
