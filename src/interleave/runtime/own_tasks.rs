//! The tasks of a stepped runtime that are none of the system's.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

use tokio::runtime::Runtime;

/// A task at the back of a runtime's queue, which tells by running that nothing was before it.
#[derive(Debug, Default)]
pub(crate) struct Sentinel {
    runs: AtomicU64,
    /// Whether it is in the queue. It says so itself, for it may also run while the clock is moved.
    queued: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Sentinel {
    pub(super) fn enqueue(self: &Arc<Self>) {
        self.queued.store(true, Ordering::Relaxed);
        let waker = self.waker.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(waker) = waker {
            waker.wake();
            return;
        }
        let this = Arc::clone(self);
        let first = poll_fn(move |cx| {
            this.queued.store(false, Ordering::Relaxed);
            this.runs.fetch_add(1, Ordering::Relaxed);
            let mut waker = this.waker.lock().unwrap_or_else(PoisonError::into_inner);
            if waker.is_none() {
                *waker = Some(cx.waker().clone());
            }
            Poll::<()>::Pending
        });
        drop(tokio::spawn(first));
    }

    pub(super) fn is_queued(&self) -> bool {
        self.queued.load(Ordering::Relaxed)
    }

    pub(super) fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }
}

/// A task of a runtime that does nothing: tokio looks at its sockets after each task, and takes one that was woken from outside
/// of the runtime before all others.
#[derive(Debug, Default)]
pub(super) struct Probe(Option<Arc<Mutex<Option<Waker>>>>);

impl Probe {
    pub(super) fn is_spawned(&self) -> bool {
        self.0.is_some()
    }

    /// Makes it the next task of the runtime, which must not be running and must have none that was woken from outside.
    pub(super) fn enqueue(&mut self, runtime: &Runtime) {
        if let Some(waker) = &self.0 {
            let waker = waker.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(waker) = waker {
                waker.wake();
            }
            return;
        }
        let waker = Arc::new(Mutex::new(None));
        self.0 = Some(Arc::clone(&waker));
        drop(runtime.spawn(poll_fn(move |cx| {
            waker
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert_with(|| cx.waker().clone());
            Poll::<()>::Pending
        })));
    }
}
