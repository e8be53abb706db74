use std::any::Any;
use std::cell::Cell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};

use indexmap::IndexMap;
use tokio::task::{AbortHandle, JoinError, JoinHandle};

use super::core::Core;
use super::panics::Moment;
use crate::panics::{Panic, discard};

/// The tasks of a test: those that it spawned through its case, and how many appeared beside them.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    /// The tasks of `case.spawn` that are alive, by number.
    tracked: Mutex<IndexMap<u64, &'static Location<'static>>>,
    spawned: Mutex<u64>,
    allowed: AtomicUsize,
    lines: Mutex<Lines>,
    line: AtomicU32,
    /// How many tasks of others were alive when the body last said where it is.
    seen: AtomicUsize,
}

/// During which line of the body how many tasks appeared beside those of `case.spawn`.
type Lines = IndexMap<u32, usize>;

/// Who is alive at the end of a test.
#[derive(Clone, Debug)]
pub(super) struct Census {
    pub(super) allowed: usize,
    /// Where those of `case.spawn` were spawned.
    pub(super) tracked: Vec<&'static Location<'static>>,
    pub(super) others: usize,
    pub(super) lines: Lines,
}

impl Census {
    pub(super) fn alive(&self) -> usize {
        self.tracked.len() + self.others
    }
}

impl Tasks {
    /// Lets this many tasks outlive the test.
    pub(super) fn allow(&self, tasks: usize) {
        self.allowed.fetch_add(tasks, Ordering::Relaxed);
    }

    /// The body comes to a line. What was spawned since the last one was spawned by that.
    pub(super) fn reach(&self, line: u32, alive: usize) {
        let reached = self.line.swap(line, Ordering::Relaxed);
        self.appeared(reached, alive);
    }

    /// The body has come to its end.
    pub(super) fn leave(&self, alive: usize) {
        self.appeared(self.line.load(Ordering::Relaxed), alive);
    }

    fn appeared(&self, line: u32, alive: usize) {
        let others = alive.saturating_sub(lock(&self.tracked).len());
        let seen = self.seen.swap(others, Ordering::Relaxed);
        if line != 0 && others > seen {
            *lock(&self.lines).entry(line).or_default() += others - seen;
        }
    }

    /// The line of the body that was reached last.
    pub(super) fn line(&self) -> Option<u32> {
        Some(self.line.load(Ordering::Relaxed)).filter(|line| *line != 0)
    }

    /// Who is alive among `alive` tasks.
    pub(super) fn census(&self, alive: usize) -> Census {
        let tracked: Vec<_> = lock(&self.tracked).values().copied().collect();
        Census {
            allowed: self.allowed.load(Ordering::Relaxed),
            others: alive.saturating_sub(tracked.len()),
            tracked,
            lines: lock(&self.lines).clone(),
        }
    }

    /// How many tasks there were: those of `case.spawn`, and those seen to appear beside them.
    pub(super) fn spawned(&self) -> u64 {
        let appeared: usize = lock(&self.lines).values().sum();
        *lock(&self.spawned) + appeared as u64
    }

    fn born(&self, at: &'static Location<'static>) -> u64 {
        let mut spawned = lock(&self.spawned);
        *spawned += 1;
        lock(&self.tracked).insert(*spawned, at);
        *spawned
    }

    fn died(&self, number: u64) {
        lock(&self.tracked).shift_remove(&number);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A task that a test spawned through its case.
///
/// Awaited like a `JoinHandle`; dropping it detaches the task. Who awaits it is told of its panic; a panic that nobody is
/// told of fails the test, and so does a task that is alive at its end. A task that was not spawned through the case counts as
/// nobody: if it resumes the panic, the harness does not hear of it.
#[derive(Debug)]
#[must_use = "a task that nobody awaits has to end by itself before the test does"]
pub struct Task<T> {
    handle: JoinHandle<T>,
    core: Weak<Core>,
    number: u64,
    detached: Arc<AtomicBool>,
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.detached.store(true, Ordering::SeqCst);
    }
}

impl<T> Task<T> {
    /// Has the task dropped at its next await.
    pub fn abort(&self) {
        self.handle.abort();
    }

    /// What aborts the task from elsewhere.
    #[must_use]
    pub fn abort_handle(&self) -> AbortHandle {
        self.handle.abort_handle()
    }

    /// Whether the task has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.handle.is_finished()
    }
}

impl<T> Future for Task<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let ended = std::task::ready!(Pin::new(&mut self.handle).poll(context));
        if ended.as_ref().is_err_and(JoinError::is_panic)
            && let Some(core) = self.core.upgrade()
        {
            // On the test's own thread, and in a task that is watched, what is resumed is heard of.
            if tokio::task::try_id().is_none() || WATCHED.get() {
                core.panics.forgive(self.number);
            } else {
                core.panics.tell_a_task(self.number);
            }
        }
        Poll::Ready(ended)
    }
}

/// Spawns a task and keeps an eye on it.
pub(super) fn spawn<F>(core: &Arc<Core>, at: &'static Location<'static>, future: F) -> Task<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let number = core.tasks.born(at);
    let detached = Arc::new(AtomicBool::new(false));
    let tracked = Tracked {
        future,
        alive: Alive {
            core: Arc::downgrade(core),
            number,
            detached: Arc::clone(&detached),
        },
    };
    Task {
        handle: tokio::spawn(tracked.run()),
        core: Arc::downgrade(core),
        number,
        detached,
    }
}

thread_local! {
    /// Whether this thread polls a task that is watched.
    static WATCHED: Cell<bool> = const { Cell::new(false) };
}

struct Tracked<F> {
    future: F,
    alive: Alive,
}

impl<F: Future> Tracked<F> {
    async fn run(self) -> F::Output {
        let Self { future, alive } = self;
        let mut future = pin!(future);
        let polled = poll_fn(|context| {
            alive.polled();
            let begun = Moment::now();
            let outer = WATCHED.replace(true);
            let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
            WATCHED.set(outer);
            match polled {
                Ok(polled) => {
                    alive.came_to_an_await(begun);
                    polled
                }
                // Tokio catches it, and tells who awaits the task.
                Err(payload) => resume_unwind(alive.panicked(begun, payload)),
            }
        });
        polled.await
    }
}

/// Dropped when its task has ended, or was.
struct Alive {
    core: Weak<Core>,
    number: u64,
    detached: Arc<AtomicBool>,
}

impl Alive {
    fn polled(&self) {
        if let Some(core) = self.core.upgrade() {
            core.metrics.polled();
        }
    }

    fn came_to_an_await(&self, begun: Moment) {
        if let Some(core) = self.core.upgrade() {
            core.panics.were_caught(begun);
        }
    }

    /// Gives what to resume with.
    fn panicked(&self, begun: Moment, payload: Box<dyn Any + Send>) -> Box<dyn Any + Send> {
        if let Some(core) = self.core.upgrade() {
            core.panics.assign(self.number, begun, payload.as_ref());
        }
        if !self.detached.load(Ordering::SeqCst) {
            return payload;
        }
        // Nobody will look at the payload, and tokio drops it where its destructor must not panic.
        let message = Panic::from_payload(payload.as_ref(), None).message().to_owned();
        discard(payload);
        Box::new(message)
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        if let Some(core) = self.core.upgrade() {
            core.tasks.died(self.number);
        }
    }
}
