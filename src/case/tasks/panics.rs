use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};

use crate::panics::{self, Panic, discard};
use crate::report::UncaughtPanic;

/// The panics of a test's threads and tasks.
#[derive(Debug, Default)]
pub(in crate::case) struct Panics {
    notes: Mutex<Notes>,
    /// Whether the test is known to take the panic hook.
    takes_hook: AtomicBool,
}

#[derive(Debug, Default)]
struct Notes {
    uncaught: Vec<PanicRecord>,
    allowed: usize,
    /// The thread that set-up, body and clean-ups run on.
    worker: Option<ThreadId>,
}

/// A panic, and where it happened.
#[derive(Clone, Debug)]
struct PanicRecord {
    panic: Panic,
    at: Moment,
    thread: ThreadId,
    thread_name: Option<String>,
    task: Option<u64>,
    /// Whether a task received it that may have resumed it, which the harness would not notice.
    was_told_to_a_task: bool,
    /// Whether it is the test's own thread that panicked, and no task on it: what the body does not catch ends it, so
    /// one that did not end it was caught.
    own: bool,
    /// Whether the thread is known to work for this test, rather than for any test.
    certain: bool,
}

impl Panics {
    /// This thread is the one that set-up, body and clean-ups run on.
    pub(in crate::case) fn work_here(&self) {
        self.notes(|notes| notes.worker = Some(thread::current().id()));
    }

    /// The test replaces the panic hook: the hook is checked often from now on.
    pub(in crate::case) fn takes_hook(&self) {
        self.takes_hook.store(true, Ordering::Relaxed);
        self.keep_hook();
    }

    /// Puts the hook of the process back over what such a test has set.
    pub(in crate::case) fn keep_hook(&self) {
        if self.takes_hook.load(Ordering::Relaxed) {
            panics::keep();
        }
    }

    /// Records a panic that was not caught yet; `certain` tells whether its thread is known to work for this test.
    pub(in crate::case) fn note(&self, panic: Panic, certain: bool) {
        self.notes(|notes| {
            let mut noted = PanicRecord::here(panic, certain);
            noted.own = notes.worker == Some(noted.thread) && tokio::task::try_id().is_none();
            notes.uncaught.push(noted);
        });
    }

    /// Runs `f`; a panic in it becomes an error, and is not counted among the uncaught ones.
    pub(in crate::case) fn catch<R>(&self, f: impl FnOnce() -> R) -> Result<R, Panic> {
        let begun = Moment::now();
        catch_unwind(AssertUnwindSafe(f)).map_err(|payload| {
            let panic = self.claim(begun, payload.as_ref());
            discard(payload);
            panic
        })
    }

    /// Takes the panic with this payload, which this thread has just caught, out of the uncaught ones.
    ///
    /// The hook has reported it since `begun`, unless it was resumed, or the hook was another's.
    fn claim(&self, begun: Moment, payload: &(dyn Any + Send)) -> Panic {
        let panic = Panic::from_payload(payload, None);
        self.notes(|notes| match notes.find(begun, &panic) {
            Some(index) => notes.uncaught.remove(index).panic,
            None => panic,
        })
    }

    /// The panic with this payload, which this thread has just caught, is that of a task, which may be awaited.
    pub(in crate::case) fn assign(&self, task: u64, begun: Moment, payload: &(dyn Any + Send)) {
        let panic = Panic::from_payload(payload, None);
        self.notes(|notes| {
            if let Some(index) = notes.find(begun, &panic) {
                notes.uncaught[index].task = Some(task);
            } else {
                let mut noted = PanicRecord::here(panic, true);
                noted.task = Some(task);
                notes.uncaught.push(noted);
            }
        });
    }

    /// What this thread has panicked with since `begun` was caught there: what it ran came to its end.
    pub(in crate::case) fn were_caught(&self, begun: Moment) {
        let thread = thread::current().id();
        self.notes(|notes| {
            notes
                .uncaught
                .retain(|noted| noted.task.is_some() || noted.thread != thread || noted.at < begun);
        });
    }

    /// The task was awaited, and its panic was returned there.
    pub(in crate::case) fn forgive(&self, task: u64) {
        self.notes(|notes| notes.uncaught.retain(|noted| noted.task != Some(task)));
    }

    /// A task that the harness does not watch has awaited this one, and was returned its panic.
    pub(in crate::case) fn tell_a_task(&self, task: u64) {
        self.notes(|notes| {
            for noted in notes.uncaught.iter_mut().filter(|noted| noted.task == Some(task)) {
                noted.was_told_to_a_task = true;
            }
        });
    }

    /// Lets this many panics happen in tasks and threads.
    pub(in crate::case) fn allow(&self, panics: usize) {
        self.notes(|notes| notes.allowed += panics);
    }

    /// The uncaught ones, where there are more of them than were allowed.
    pub(in crate::case) fn uncaught(&self) -> Vec<UncaughtPanic> {
        self.notes(|notes| {
            let uncaught: Vec<_> = notes
                .uncaught
                .iter()
                .filter(|noted| !noted.own)
                .map(PanicRecord::uncaught)
                .collect();
            if uncaught.len() > notes.allowed {
                uncaught
            } else {
                Vec::new()
            }
        })
    }

    fn notes<R>(&self, f: impl FnOnce(&mut Notes) -> R) -> R {
        f(&mut self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Notes {
    /// A panic of this thread that was not claimed.
    fn find(&self, begun: Moment, panic: &Panic) -> Option<usize> {
        let thread = thread::current().id();
        self.uncaught.iter().rposition(|noted| {
            noted.thread == thread
                && noted.at >= begun
                && noted.task.is_none()
                && noted.panic.message() == panic.message()
        })
    }
}

impl PanicRecord {
    fn uncaught(&self) -> UncaughtPanic {
        UncaughtPanic {
            panic: self.panic.clone(),
            thread_name: self.thread_name.clone(),
            was_told_to_a_task: self.was_told_to_a_task,
            certain: self.certain,
        }
    }

    fn here(panic: Panic, certain: bool) -> Self {
        let thread = thread::current();
        Self {
            panic,
            at: Moment::now(),
            thread: thread.id(),
            thread_name: thread.name().map(str::to_owned),
            task: None,
            was_told_to_a_task: false,
            own: false,
            certain,
        }
    }
}

/// When something happened, as an order among the panics of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::case) struct Moment(u64);

impl Moment {
    pub(in crate::case) fn now() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}
