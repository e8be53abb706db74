use std::future::poll_fn;
use std::panic::{self, AssertUnwindSafe};
use std::task::{Context, Poll};

use tokio::runtime::{Builder, Handle, Runtime};

/// Tokio's cooperative budget: how many ready awaits a task may pass in one poll.
const WHOLE: u8 = 128;

/// A runtime without tasks, inside whose `block_on` an actor can be given an await budget.
///
/// Outside of a `block_on` there is no budget to burn. The actor's own runtime is entered within, so that what it
/// spawns and when it sleeps go there.
#[derive(Debug)]
pub(crate) struct Carrier(Runtime);

impl Carrier {
    pub(crate) fn new() -> Self {
        let runtime = Builder::new_current_thread()
            .build()
            .expect("a current-thread runtime without drivers needs nothing from the system");
        Self(runtime)
    }

    /// Calls `poll` such that its first `budget` ready tokio awaits pass and the next one is pending.
    pub(crate) fn poll_within<R>(&self, home: &Handle, budget: u8, poll: impl FnOnce() -> R) -> R {
        let mut poll = Some(poll);
        let mut result = None;
        self.0.block_on(poll_fn(|cx| {
            if let Some(poll) = poll.take() {
                burn(cx, WHOLE - budget.min(WHOLE - 1));
                let _guard = home.enter();
                // A panic must not leave through tokio's `block_on`, for the runtime is used again.
                result = Some(panic::catch_unwind(AssertUnwindSafe(poll)));
                // Wake-ups that the poll deferred are delivered only when the runtime goes round once more.
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(())
        }));
        match result.expect("the first poll of `block_on`'s future sets it") {
            Ok(result) => result,
            Err(payload) => panic::resume_unwind(payload),
        }
    }
}

fn burn(cx: &mut Context<'_>, units: u8) {
    for _ in 0..units {
        match tokio::task::coop::poll_proceed(cx) {
            Poll::Ready(unit) => unit.made_progress(),
            Poll::Pending => return,
        }
    }
}
