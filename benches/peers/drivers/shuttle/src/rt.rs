//! What the shapes stand on, here: tokio as shuttle has it.

use std::future::{Future, poll_fn};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

pub(crate) use shuttle::sync::Mutex as BlockingMutex;
pub(crate) use shuttle::sync::atomic::AtomicUsize;
pub(crate) use tokio::spawn;
pub(crate) use tokio::sync::{Mutex, Notify, mpsc, oneshot};
pub(crate) use tokio::time::Instant;

/// What an await without a reason is: `yield_now`, and `sleep`, for there is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Awaits {
    /// What shuttle-tokio makes of it: a scheduling point, and a hint that others should go first, which PCT heeds.
    Yield,
    /// A scheduling point and nothing more.
    Plain,
}

/// One for the process, as a driver's way is.
static IS_PLAIN: AtomicBool = AtomicBool::new(false);

pub(crate) fn set_awaits(awaits: Awaits) {
    IS_PLAIN.store(awaits == Awaits::Plain, Ordering::Relaxed);
}

fn is_plain() -> bool {
    IS_PLAIN.load(Ordering::Relaxed)
}

pub(crate) async fn yield_now() {
    if is_plain() {
        point().await;
    } else {
        tokio::task::yield_now().await;
    }
}

pub(crate) async fn sleep(duration: Duration) {
    if is_plain() {
        point().await;
    } else {
        tokio::time::sleep(duration).await;
    }
}

/// Lets a scheduler decide who goes on, and asks it for nothing.
async fn point() {
    let mut has_waited = false;
    poll_fn(|cx| {
        if has_waited {
            return Poll::Ready(());
        }
        has_waited = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Which of a task's timeouts is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Running(u64);

/// A timeout that a task of its own triggers, whenever the scheduler lets it: shuttle has no time, but hooks by which
/// timeouts are made to expire.
pub(crate) async fn timeout<F: Future>(
    duration: Duration,
    future: F,
) -> Result<F::Output, tokio::time::error::Elapsed> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let running = Running(NEXT.fetch_add(1, Ordering::Relaxed));
    let task = shuttle::current::me();
    shuttle::current::set_label_for_task(task, running);
    let timeout = tokio::time::timeout(duration, future);
    drop(spawn(async move {
        tokio::time::trigger_timeouts(move |labels| labels.get::<Running>() == Some(&running));
    }));
    timeout.await
}
