use serde::{Deserialize, Serialize};

/// What a driver tells, a line each, as JSON.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// The driver cannot express a shape.
    Unfit {
        /// The shape's name.
        shape: String,
        /// What is missing.
        why: String,
    },
    /// Executions in a row, leaks or not.
    Pace {
        /// The shape's name.
        shape: String,
        /// How many there were.
        executions: u64,
        /// How long they took together.
        nanos: u64,
        /// How many decisions they took together, where the driver counts them.
        decisions: Option<u64>,
    },
    /// A search for the first leak.
    Search {
        /// The shape's name.
        shape: String,
        /// With which seed.
        seed: u64,
        /// Whether one was found.
        found: bool,
        /// Executions up to the first leak, or up to the end of the search.
        executions: u64,
        /// How long they took together.
        nanos: u64,
    },
    /// The driver has done all that it was to do.
    Done,
}
