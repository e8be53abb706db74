use std::fmt;
use std::panic::Location;

/// What a test is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TestPhase {
    SetUp,
    Body,
    Cleanup(&'static Location<'static>),
    TearDown,
    /// Waiting for tasks to end, and taking the runtime down.
    Ending,
}

impl TestPhase {
    /// Its kind, without the place of a clean-up.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Body => "body",
            Self::Cleanup(_) => "clean-up",
            Self::TearDown => "tear-down",
            Self::Ending => "end",
        }
    }
}

impl fmt::Display for TestPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())?;
        match self {
            Self::Cleanup(at) => write!(f, " registered at {at}"),
            _ => Ok(()),
        }
    }
}
