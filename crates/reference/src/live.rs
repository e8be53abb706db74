use std::iter::Sum;
use std::ops::Add;

use serde::Serialize;

/// The resources that a factory holds at the moment. All are zero once its users have left, also if their calls were
/// dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Live {
    /// Engines that are created and not closed.
    pub engines: usize,
    /// Calls that run or wait for their permit to run.
    pub runs: usize,
    /// Permits to run that are in use.
    pub permits: usize,
    /// Sinks to which events can be delivered.
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
