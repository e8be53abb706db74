use serde::Serialize;

/// What a system claims to have done, by its own counters. `None` is a counter that it does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Accounts {
    /// Events that a client accepted.
    pub delivered: Option<u64>,
    /// Events that no client accepted.
    pub undelivered: Option<u64>,
    /// Runs that returned an answer.
    pub answered: Option<u64>,
    /// Runs that returned an error, those not included that were refused before they began.
    pub failed: Option<u64>,
    /// Engines whose closing failed.
    pub closes_failed: Option<u64>,
}
