use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::Waker;

/// Wakes the `block_on` that waits in a parked runtime as soon as it is unparked, before any task runs.
#[derive(Debug, Default)]
pub(super) struct Unpark {
    armed: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Unpark {
    pub(super) fn arm(&self, waker: &Waker) {
        *self.waker.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker.clone());
        self.armed.store(true, Ordering::Release);
    }

    pub(super) fn disarm(&self) {
        self.armed.store(false, Ordering::Release);
        *self.waker.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn fire(&self) {
        if self.armed.swap(false, Ordering::AcqRel) {
            // The waker holds the runtime, which holds this: it must not stay.
            let waker = self.waker.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}
