use std::any::Any;
use std::cell::Cell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use tokio::task::{AbortHandle, JoinError, JoinHandle};

use super::activity::Activity;
use super::panics::Moment;
use crate::case::returned::{Outcome, Success};
use crate::panics::{Panic, discard};

/// A task that a test spawned through its case.
///
/// Awaited like a `JoinHandle`; dropping it detaches the task. Awaiting it returns its panic; a panic that is not
/// returned anywhere fails the test, and so does a task that is alive at its end. If a task that was not spawned through the
/// case awaits it and resumes the panic, the harness does not notice.
#[derive(Debug)]
#[must_use = "a task that nobody awaits has to end by itself before the test does"]
pub struct Task<T> {
    handle: JoinHandle<T>,
    activity: Weak<Activity>,
    number: u64,
    detached: Arc<AtomicBool>,
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.detached.store(true, Ordering::SeqCst);
    }
}

impl<T> Success for Task<T> {
    fn outcome(self) -> Outcome {
        Outcome::PASSED
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
            && let Some(activity) = self.activity.upgrade()
        {
            // On the test's own thread, and in a task that is watched, a resumed panic is noticed.
            if tokio::task::try_id().is_none() || WATCHED.get() {
                activity.panics.forgive(self.number);
            } else {
                activity.panics.tell_a_task(self.number);
            }
        }
        Poll::Ready(ended)
    }
}

/// Spawns a task, and records its polls, its panic and its end.
pub(in crate::case) fn spawn<F>(
    activity: &Arc<Activity>,
    at: &'static Location<'static>,
    future: F,
) -> Task<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let number = activity.tasks.add(at);
    let detached = Arc::new(AtomicBool::new(false));
    let tracked = Tracked {
        future,
        guard: TaskGuard {
            activity: Arc::downgrade(activity),
            number,
            detached: Arc::clone(&detached),
        },
    };
    Task {
        handle: tokio::spawn(tracked.run()),
        activity: Arc::downgrade(activity),
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
    guard: TaskGuard,
}

impl<F: Future> Tracked<F> {
    async fn run(self) -> F::Output {
        let Self { future, guard } = self;
        let mut future = pin!(future);
        let polled = poll_fn(|context| {
            guard.polled();
            let begun = Moment::now();
            let outer = WATCHED.replace(true);
            let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
            WATCHED.set(outer);
            match polled {
                Ok(polled) => {
                    guard.came_to_an_await(begun);
                    polled
                }
                // Tokio catches it, and returns it where the task is awaited.
                Err(payload) => resume_unwind(guard.panicked(begun, payload)),
            }
        });
        polled.await
    }
}

/// Dropped when its task has ended, or was.
struct TaskGuard {
    activity: Weak<Activity>,
    number: u64,
    detached: Arc<AtomicBool>,
}

impl TaskGuard {
    fn polled(&self) {
        if let Some(activity) = self.activity.upgrade() {
            activity.metrics.polled();
        }
    }

    fn came_to_an_await(&self, begun: Moment) {
        if let Some(activity) = self.activity.upgrade() {
            activity.panics.were_caught(begun);
        }
    }

    /// Returns the payload to resume with.
    fn panicked(&self, begun: Moment, payload: Box<dyn Any + Send>) -> Box<dyn Any + Send> {
        if let Some(activity) = self.activity.upgrade() {
            activity.panics.assign(self.number, begun, payload.as_ref());
        }
        if !self.detached.load(Ordering::SeqCst) {
            return payload;
        }
        // The payload will not be read, and tokio drops it where its destructor must not panic.
        let message = Panic::from_payload(payload.as_ref(), None).message().to_owned();
        discard(payload);
        Box::new(message)
    }
}

impl Drop for TaskGuard {
    fn drop(&mut self) {
        if let Some(activity) = self.activity.upgrade() {
            activity.tasks.remove(self.number);
        }
    }
}
