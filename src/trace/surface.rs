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

    /// What is said of a name that none of them has.
    pub(crate) const NO_SUCH: &str =
        "there is no such surface; there are reply, event, error, log, http, row, metric, and no others";

    /// The surface's name, as reports print it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
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

#[cfg(test)]
mod tests {
    use super::Surface;

    #[test]
    fn who_names_none_of_them_is_told_all() {
        let names = Surface::ALL.map(Surface::as_str).join(", ");
        let said = format!("there is no such surface; there are {names}, and no others");
        assert_eq!(Surface::NO_SUCH, said);
    }
}
