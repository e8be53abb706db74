use std::time::{Duration, Instant};

/// When a series of executions ends.
#[derive(Clone, Copy, Debug)]
pub struct Until {
    /// After so long.
    pub time: Duration,
    /// After so many.
    pub executions: u64,
    /// After the first that leaks.
    pub leak: bool,
}

/// What one execution came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Executed {
    /// Whether somebody saw what is not its own.
    pub leaked: bool,
    /// How many decisions it took, where they are counted.
    pub decisions: Option<u64>,
}

/// What a series of executions came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// How many there were.
    pub executions: u64,
    /// How long they took, everything included.
    pub time: Duration,
    /// How many decisions they took together, where they are counted.
    pub decisions: Option<u64>,
    /// Whether one leaked.
    pub leaked: bool,
}

impl Until {
    /// Executes until it is time to stop. The clock runs since `start`, for a driver may have to prepare itself.
    ///
    /// Each execution is given its number, from 0; it makes its system and its users, and drops them.
    pub fn execute(&self, start: Instant, mut execute: impl FnMut(u64) -> Executed) -> Tally {
        let mut tally = Tally::default();
        loop {
            let executed = execute(tally.executions);
            tally.executions += 1;
            tally.leaked |= executed.leaked;
            if let Some(decisions) = executed.decisions {
                *tally.decisions.get_or_insert(0) += decisions;
            }
            tally.time = start.elapsed();
            let is_over = tally.executions >= self.executions || tally.time >= self.time;
            if is_over || self.leak && executed.leaked {
                return tally;
            }
        }
    }
}
