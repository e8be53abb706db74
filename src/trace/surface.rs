use std::fmt;

use serde::{Deserialize, Serialize};

/// The one table of surfaces.
macro_rules! surfaces {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// Where something can be seen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Surface {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl Surface {
            /// Every surface.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// What is said of a name that none of them has.
            pub(crate) const NO_SUCH: &str =
                concat!("there is no such surface; there are ", $($name, ", ",)+ "and no others");

            /// The surface's name, as reports print it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

surfaces! {
    /// The answer to a call.
    Reply = "reply",
    /// An event pushed to the user.
    Event = "event",
    /// An error, as the user is shown it.
    Error = "error",
    /// A log line.
    Log = "log",
    /// A request that the system made of another service.
    Http = "http",
    /// A row read from a store.
    Row = "row",
    /// A metric, with its labels.
    Metric = "metric",
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
