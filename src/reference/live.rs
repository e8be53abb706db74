use std::iter::Sum;
use std::ops::Add;

use serde::Serialize;

/// What a factory holds right now. All zero once its users are gone, however they went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Live {
    /// Engines created and not closed.
    pub engines: usize,
    /// Calls that run or wait for their turn.
    pub runs: usize,
    /// Permits to run that are taken.
    pub permits: usize,
    /// Sinks that events can be delivered to.
    pub sinks: usize,
    /// Background tasks that have not ended.
    pub tasks: usize,
}

impl Add for Live {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            engines: self.engines + other.engines,
            runs: self.runs + other.runs,
            permits: self.permits + other.permits,
            sinks: self.sinks + other.sinks,
            tasks: self.tasks + other.tasks,
        }
    }
}

impl Sum for Live {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Self::add)
    }
}
