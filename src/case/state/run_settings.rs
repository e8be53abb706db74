use std::time::Duration;

use super::meta::{Test, Timeout};
use crate::fail_first::Mode;
use crate::settings::{self, Limit, Unreadable};

/// The default limit of a body: as long as runners take to call a test slow.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The settings that a test runs with.
#[derive(Debug)]
pub(in crate::case) struct RunSettings {
    pub(in crate::case) timeout: Option<Duration>,
    pub(in crate::case) seed: u64,
    pub(in crate::case) report: bool,
    /// What is to be done with the outcome of a fail-first test.
    pub(in crate::case) mode: Mode,
}

impl RunSettings {
    /// The settings of the environment, and of the attribute where the environment has none.
    pub(in crate::case) fn of(test: &Test) -> Result<Self, Unreadable> {
        let timeout = match (settings::timeout("SSOT_TIMEOUT")?, test.timeout) {
            (Some(Limit::After(time)), _) | (None, Timeout::After(time)) => Some(time),
            (Some(Limit::Off), _) | (None, Timeout::Off) => None,
            (None, Timeout::Unset) => Some(TIMEOUT),
        };
        Ok(Self {
            timeout,
            seed: settings::number("SSOT_SEED")?.unwrap_or(0),
            report: settings::is_on("SSOT_REPORT"),
            mode: Mode::of_this_process()?,
        })
    }
}
