use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};

use super::live;
use crate::panics::Panic;
use crate::{current, panics};

/// The panics of a test's threads and tasks.
#[derive(Debug, Default)]
pub(super) struct Panics(Mutex<Notes>);

#[derive(Debug, Default)]
struct Notes {
    uncaught: Vec<Noted>,
    allowed: usize,
    /// The thread that set-up, body and clean-ups run on.
    worker: Option<ThreadId>,
}

/// A panic, and where it happened.
#[derive(Clone, Debug)]
pub(super) struct Noted {
    pub(super) panic: Panic,
    thread: ThreadId,
    pub(super) thread_name: Option<String>,
    task: Option<u64>,
    /// The tokio task that the thread was running.
    running: Option<tokio::task::Id>,
    /// Whether it is the test's own thread that panicked, and no task on it: what the body does not catch ends it, so
    /// one that did not end it was caught.
    own: bool,
    /// Whether the thread is known to work for this test, rather than being anybody's.
    pub(super) certain: bool,
}

impl Panics {
    /// Has the panics of this process noted, from now on.
    pub(super) fn watch() {
        panics::observe(note);
    }

    /// This thread is the one that set-up, body and clean-ups run on.
    pub(super) fn work_here(&self) {
        self.notes(|notes| notes.worker = Some(thread::current().id()));
    }

    fn note(&self, panic: Panic, certain: bool) {
        let thread = thread::current();
        self.notes(|notes| {
            let is_own = notes.worker == Some(thread.id());
            notes.uncaught.push(Noted {
                panic,
                thread: thread.id(),
                thread_name: thread.name().map(str::to_owned),
                task: None,
                running: tokio::task::try_id(),
                own: is_own && tokio::task::try_id().is_none(),
                certain,
            });
        });
    }

    /// Takes the panic that this thread, or the task that it runs, has just caught out of those that nobody caught.
    ///
    /// The last one that was noted may be another: `resume_unwind` unwinds without a note, and one that was caught and thrown
    /// away has left its own. So the caught one is known by what it says.
    pub(super) fn claim(&self, caught: &Panic) -> Option<Panic> {
        let (thread, running) = (thread::current().id(), tokio::task::try_id());
        self.notes(|notes| {
            let index = notes.uncaught.iter().rposition(|noted| {
                noted.thread == thread
                    && noted.running == running
                    && noted.panic.message() == caught.message()
            })?;
            Some(notes.uncaught.remove(index).panic)
        })
    }

    /// The last panic of this thread is that of a task, whom somebody may await.
    pub(super) fn assign_last(&self, task: u64) {
        let thread = thread::current().id();
        self.notes(|notes| {
            let last = notes.uncaught.iter_mut().rfind(|noted| noted.thread == thread);
            if let Some(noted) = last {
                noted.task = Some(task);
            }
        });
    }

    /// Somebody has awaited the task, and was told.
    pub(super) fn forgive(&self, task: u64) {
        self.notes(|notes| notes.uncaught.retain(|noted| noted.task != Some(task)));
    }

    /// Lets this many panics happen in tasks and threads.
    pub(super) fn allow(&self, panics: usize) {
        self.notes(|notes| notes.allowed += panics);
    }

    /// Those that nobody caught, where there are more of them than were allowed.
    pub(super) fn uncaught(&self) -> Vec<Noted> {
        self.notes(|notes| {
            let uncaught: Vec<_> = notes
                .uncaught
                .iter()
                .filter(|noted| !noted.own)
                .cloned()
                .collect();
            if uncaught.len() > notes.allowed {
                uncaught
            } else {
                Vec::new()
            }
        })
    }

    fn notes<R>(&self, f: impl FnOnce(&mut Notes) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Notes a panic with the test that its thread works for.
///
/// A thread that nobody told of a test may be anybody's. It is this test's only where no other can be running: a plain
/// `#[test]` in the same process may rightly panic, and must not fail its neighbour.
fn note(panic: Panic) {
    match current::test() {
        Some(test) => {
            if let Some(core) = live::find(test.id()) {
                core.panics.note(panic, true);
            }
        }
        None => {
            if let Some(core) = live::only().filter(|core| core.alone) {
                core.panics.note(panic, false);
            }
        }
    }
}
