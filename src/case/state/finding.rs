use std::panic::Location;
use std::time::Duration;

use crate::case::phases::{Late, Phase};
use crate::case::tasks::{Leftovers, PanicRecord};
use crate::isolation::Failure;
use crate::panics::Panic;

/// One thing that was wrong with a test.
#[derive(Debug)]
pub(in crate::case) struct Finding {
    pub(in crate::case) phase: Phase,
    pub(in crate::case) what: What,
    /// The line of the body that had been reached, where the body was running.
    pub(in crate::case) line: Option<u32>,
}

#[derive(Debug)]
pub(in crate::case) enum What {
    /// An error was returned.
    Error {
        text: String,
        /// Where it is the failure of a check, that.
        failure: Option<Box<Failure>>,
        /// Whether the text says where it came up.
        has_location: bool,
    },
    Panicked(Panic),
    TimedOut(Duration),
    /// It came to its end, when its time was over.
    Late(Late),
    Interrupted(i32),
    /// Its thread did not come back, this long after it should have.
    Blocked(Duration),
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
    Uncaught(PanicRecord),
    /// The harness itself could not go on.
    Harness(String),
}

/// A clean-up or tear-down that was run, and whether it went well.
#[derive(Clone, Debug)]
pub(in crate::case) struct Cleaned {
    pub(in crate::case) what: CleanedWhat,
    pub(in crate::case) well: bool,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::case) enum CleanedWhat {
    TearDown(&'static str),
    Registered(&'static Location<'static>),
}
