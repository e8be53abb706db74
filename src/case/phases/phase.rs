use std::fmt;
use std::panic::Location;

/// What a test is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::case) enum Phase {
    SetUp,
    Body,
    Cleanup(&'static Location<'static>),
    TearDown,
    /// Waiting for tasks to end, and taking the runtime down.
    Ending,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SetUp => f.write_str("set-up"),
            Self::Body => f.write_str("body"),
            Self::Cleanup(at) => write!(f, "clean-up registered at {at}"),
            Self::TearDown => f.write_str("tear-down"),
            Self::Ending => f.write_str("end"),
        }
    }
}
