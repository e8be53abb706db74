use std::any::Any;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};

use super::live;
use super::run::tell;
use crate::current::{self, Whose};
use crate::logs;
use crate::panics::{self, Panic};

/// The panics of a test's threads and tasks.
#[derive(Debug, Default)]
pub(super) struct Panics {
    notes: Mutex<Notes>,
    /// Whether the test is known to take the panic hook.
    takes_hook: AtomicBool,
}

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
    at: Moment,
    thread: ThreadId,
    pub(super) thread_name: Option<String>,
    task: Option<u64>,
    /// Whether a task was told of it that may have resumed it, of which the harness would not hear.
    pub(super) was_told_to_a_task: bool,
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

    /// The test takes the panic hook: it is looked at often from now on.
    pub(super) fn takes_hook(&self) {
        self.takes_hook.store(true, Ordering::Relaxed);
        self.keep_hook();
    }

    /// Puts the hook of the process back over what such a test has set.
    pub(super) fn keep_hook(&self) {
        if self.takes_hook.load(Ordering::Relaxed) {
            panics::keep();
        }
    }

    fn note(&self, panic: Panic, certain: bool) {
        self.notes(|notes| {
            let mut noted = Noted::here(panic, certain);
            noted.own = notes.worker == Some(noted.thread) && tokio::task::try_id().is_none();
            notes.uncaught.push(noted);
        });
    }

    /// Takes the panic with this payload, which this thread has just caught, out of those that nobody caught.
    ///
    /// The hook has told of it since `begun`, unless it was resumed, or the hook was another's.
    pub(super) fn claim(&self, begun: Moment, payload: &(dyn Any + Send)) -> Panic {
        let panic = Panic::from_payload(payload, None);
        self.notes(|notes| match notes.find(begun, &panic) {
            Some(index) => notes.uncaught.remove(index).panic,
            None => panic,
        })
    }

    /// The panic with this payload, which this thread has just caught, is that of a task, whom somebody may await.
    pub(super) fn assign(&self, task: u64, begun: Moment, payload: &(dyn Any + Send)) {
        let panic = Panic::from_payload(payload, None);
        self.notes(|notes| {
            if let Some(index) = notes.find(begun, &panic) {
                notes.uncaught[index].task = Some(task);
            } else {
                let mut noted = Noted::here(panic, true);
                noted.task = Some(task);
                notes.uncaught.push(noted);
            }
        });
    }

    /// What this thread has panicked with since `begun` was caught there: what it ran came to its end.
    pub(super) fn were_caught(&self, begun: Moment) {
        let thread = thread::current().id();
        self.notes(|notes| {
            notes
                .uncaught
                .retain(|noted| noted.task.is_some() || noted.thread != thread || noted.at < begun);
        });
    }

    /// Somebody has awaited the task, and was told.
    pub(super) fn forgive(&self, task: u64) {
        self.notes(|notes| notes.uncaught.retain(|noted| noted.task != Some(task)));
    }

    /// A task that the harness does not watch has awaited this one, and was told.
    pub(super) fn tell_a_task(&self, task: u64) {
        self.notes(|notes| {
            for noted in notes.uncaught.iter_mut().filter(|noted| noted.task == Some(task)) {
                noted.was_told_to_a_task = true;
            }
        });
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
        f(&mut self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Notes {
    /// A panic of this thread that nobody has claimed.
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

impl Noted {
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
pub(super) struct Moment(u64);

impl Moment {
    pub(super) fn now() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Notes a panic with the test that its thread works for.
///
/// A thread that nobody told of a test may be anybody's. It is this test's only where no other can be running: a plain
/// `#[test]` in the same process may rightly panic, and must not fail its neighbour.
fn note(panic: Panic) {
    let whose = current::whose();
    let of_span = || logs::test_of_span().and_then(live::find);
    let (core, certain) = match &whose {
        Whose::Told(test) => (live::find(test.id()), true),
        // It may be a worker that other tests have jobs for.
        Whose::StartedBy(test) => {
            let only = || live::only().filter(|core| core.test.id() == test.id());
            (of_span().or_else(only), true)
        }
        Whose::Plain => match of_span() {
            Some(core) => (Some(core), true),
            None => (live::only().filter(|core| core.alone), false),
        },
        Whose::Nobody => (of_span(), true),
    };
    match core {
        Some(core) => core.panics.note(panic, certain),
        None => tell_of_nobodys(&panic, &whose),
    }
}

fn tell_of_nobodys(panic: &Panic, whose: &Whose) {
    let thread = thread::current();
    // Libtest calls the threads of plain tests after these; what they panic with is theirs.
    let is_of_plain_test = thread
        .name()
        .is_some_and(|name| name == "main" || name.contains("::"));
    if matches!(whose, Whose::Plain) && (is_of_plain_test || live::all().is_empty()) {
        return;
    }
    tell(&format!(
        "ssot: a panic belongs to no test that is known: {panic} (thread {}); while a thread works for a test, have it hold \
         case.enter()\n",
        thread.name().unwrap_or("without a name")
    ));
}
