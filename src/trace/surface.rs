use std::fmt;

use serde::{Deserialize, Serialize};

/// Where something can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Surface {
    /// The answer to a call.
    Reply,
    /// An event pushed to the user.
    Event,
    /// An error, as the user is shown it.
    Error,
    /// A log line.
    Log,
    /// A request that the system made of another service.
    Http,
    /// A row read from a store.
    Row,
    /// A metric, with its labels.
    Metric,
}

impl Surface {
    /// Every surface.
    pub const ALL: [Self; 7] = [
        Self::Reply,
        Self::Event,
        Self::Error,
        Self::Log,
        Self::Http,
        Self::Row,
        Self::Metric,
    ];

    /// The surface's name, as reports print it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Event => "event",
            Self::Error => "error",
            Self::Log => "log",
            Self::Http => "http",
            Self::Row => "row",
            Self::Metric => "metric",
        }
    }
}

impl fmt::Display for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
