use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use tokio::task::{LocalEnterGuard, LocalSet};

/// The tasks of an execution that were spawned by `spawn_local`. They stand in the schedule as one more runtime, each of whose
/// steps polls all of them that are woken: tokio gives no finer control of a `LocalSet`.
pub(in crate::interleave) struct Local {
    set: Pin<Box<LocalSet>>,
    woken: Arc<Woken>,
    waker: Waker,
    /// Whether there were tasks when they were polled last.
    pub(in crate::interleave) is_alive: bool,
}

#[derive(Debug, Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

impl Local {
    pub(in crate::interleave) fn new() -> Self {
        let woken = Arc::new(Woken::default());
        let mut local = Self {
            set: Box::pin(LocalSet::new()),
            waker: Waker::from(Arc::clone(&woken)),
            woken,
            is_alive: false,
        };
        // Only a set that has been polled knows whom to wake.
        local.step();
        local
    }

    /// Lets `spawn_local` reach these tasks, for as long as the guard lives.
    pub(in crate::interleave) fn enter(&self) -> LocalEnterGuard {
        self.set.enter()
    }

    pub(in crate::interleave) fn is_woken(&self) -> bool {
        self.woken.0.load(Ordering::Acquire)
    }

    /// Polls the tasks that are woken.
    pub(in crate::interleave) fn step(&mut self) {
        self.woken.0.store(false, Ordering::Release);
        let mut cx = Context::from_waker(&self.waker);
        self.is_alive = self.set.as_mut().poll(&mut cx) == Poll::Pending;
    }
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local")
            .field("is_alive", &self.is_alive)
            .finish_non_exhaustive()
    }
}
