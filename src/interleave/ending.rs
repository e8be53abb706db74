use std::fmt;
use std::time::Duration;

use super::{Divergence, Panic, Runnable};

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// Every actor finished or was dropped.
    Done,
    /// Nobody can ever go on: no actor is woken, no task can run, no timer is due within a virtual day.
    Deadlock(Vec<Waiting>),
    /// The execution had not ended after this many decisions.
    StepLimit(usize),
    /// An actor panicked.
    Panicked {
        /// Which.
        actor: usize,
        /// What it said, and where.
        panic: Panic,
    },
    /// A poll did not return: it blocks its thread.
    Blocked {
        /// Who was being polled.
        runnable: Option<Runnable>,
    },
    /// The schedule that was to be replayed does not fit.
    Diverged(Divergence),
    /// Something waited for real input or output, or for a blocking task, while the clock stood still.
    RealIo(String),
}

/// What is known of an actor that can never go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which actor.
    pub actor: usize,
    /// How often it was polled.
    pub polls: u32,
    /// How many clones of its waker are held: 0 means that nothing could ever wake it.
    pub wakers: usize,
    /// How many spawned tasks were alive, of which one may hold what this actor waits for.
    pub tasks: usize,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            polls, wakers, tasks, ..
        } = self;
        match wakers {
            0 => write!(
                f,
                "pending after {polls} polls, and nothing holds its waker: it was never arranged to wake"
            )?,
            _ => write!(
                f,
                "pending after {polls} polls, and nothing that holds its waker can run"
            )?,
        }
        match tasks {
            0 => Ok(()),
            1 => f.write_str("; one spawned task is alive and waits too"),
            tasks => write!(f, "; {tasks} spawned tasks are alive and wait too"),
        }
    }
}

pub(super) fn ending_of_panic(actor: usize, panic: Panic) -> Ending {
    if is_real_io(&panic) {
        Ending::RealIo(panic.to_string())
    } else {
        Ending::Panicked { actor, panic }
    }
}

/// The ending where a blocking task has not ended for so long.
pub(super) fn held_up(patience: Duration) -> Ending {
    Ending::RealIo(format!(
        "a blocking task (`spawn_blocking`) has been at work for {patience:?}, and nobody can run before it ends"
    ))
}

/// Tokio's own words where a socket is opened on a runtime that has no I/O driver.
pub(super) fn is_real_io(panic: &Panic) -> bool {
    panic.message().contains("IO is disabled")
}
