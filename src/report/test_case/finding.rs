use std::fmt;
use std::time::Duration;

use super::leftovers::Leftovers;
use super::phase::TestPhase;
use crate::panics::Panic;
use crate::report::CheckFailure;

/// One thing that was wrong with a test.
#[derive(Debug)]
pub(crate) struct TestFinding {
    pub(crate) phase: TestPhase,
    pub(crate) problem: Problem,
    /// The line of the body that had been reached, where the body was running.
    pub(crate) line: Option<u32>,
}

#[derive(Debug)]
pub(crate) enum Problem {
    /// An error was returned.
    Error {
        text: String,
        /// Where it is the failure of a check, that.
        failure: Option<CheckFailure>,
        /// Whether the text says where it came up.
        has_location: bool,
    },
    Panicked(Panic),
    /// It was stopped when its time was over. These tasks were alive then.
    TimedOut {
        limit: Duration,
        alive: Leftovers,
    },
    /// It came to its end, when its time was over.
    Late(Late),
    Interrupted(Interruption),
    /// Its thread did not come back, this long after it should have. These tasks were alive then.
    Blocked {
        limit: Duration,
        alive: Leftovers,
    },
    /// It could not be done, for the body has not given its fixture back.
    NotDone,
    /// It was registered when nobody was left to run it.
    NotRun,
    /// The test has ended the process.
    Exited,
    /// The thread of the test did not end within this time.
    ThreadStays(Duration),
    /// Tasks are still alive.
    Tasks(Leftovers),
    /// Threads of the runtime that did not end.
    Threads(usize),
    /// A panic in a task or thread, which nobody caught.
    Uncaught(UncaughtPanic),
    /// The harness itself could not go on.
    Harness(String),
}

/// A phase ended after its limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Late {
    pub(crate) limit: Duration,
    pub(crate) took: Duration,
}

/// What has a test stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interruption {
    /// Another test ends the process.
    ProcessEnds,
    /// The process was sent this signal.
    Signal(i32),
}

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ProcessEnds => "the end of the process, by another test",
            Self::Signal(2) => "ctrl-C (SIGINT)",
            Self::Signal(15) => "SIGTERM",
            Self::Signal(_) => "a signal",
        })
    }
}

/// A panic in a task or thread, which nobody caught.
#[derive(Clone, Debug)]
pub(crate) struct UncaughtPanic {
    pub(crate) panic: Panic,
    pub(crate) thread_name: Option<String>,
    /// Whether a task received it that may have resumed it, which the harness would not notice.
    pub(crate) was_told_to_a_task: bool,
    /// Whether the thread is known to work for this test, rather than for any test.
    pub(crate) certain: bool,
}
