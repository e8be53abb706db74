use std::panic::Location;
use std::time::Duration;

use super::panics::Noted;
use super::phase::Phase;
use super::tasks::Census;
use super::watch::Late;
use crate::isolation::Failure;
use crate::panics::Panic;

/// One thing that was wrong with a test.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) phase: Phase,
    pub(super) what: What,
    /// The line of the body that had been reached, where the body was running.
    pub(super) line: Option<u32>,
}

#[derive(Debug)]
pub(super) enum What {
    /// An error was returned; where it is the failure of a check, that.
    Error(String, Option<Box<Failure>>),
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
    Tasks(Census),
    /// Threads of the runtime that did not end.
    Threads(usize),
    /// A panic in a task or thread, which nobody caught.
    Uncaught(Noted),
    /// The harness itself could not go on.
    Harness(String),
}

/// A clean-up or tear-down that was run, and whether it went well.
#[derive(Clone, Debug)]
pub(super) struct Cleaned {
    pub(super) what: CleanedWhat,
    pub(super) well: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum CleanedWhat {
    TearDown(&'static str),
    Registered(&'static Location<'static>),
}
