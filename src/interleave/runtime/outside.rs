use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// What tokio calls the threads of its blocking pool, unless it is told otherwise. Their work is noticed before it begins.
pub(in crate::interleave) const BLOCKING: &str = "tokio-rt-worker";

thread_local! {
    /// Whether this thread makes the decisions of an execution.
    static DECIDES: Cell<bool> = const { Cell::new(false) };
}

/// Which threads, of those that no schedule moves, have woken an actor.
#[derive(Debug, Default)]
pub(crate) struct Outside {
    any: AtomicBool,
    threads: Mutex<BTreeSet<String>>,
}

impl Outside {
    /// Notes the thread that this is called on, where it is another than the one that decides.
    pub(in crate::interleave) fn note(&self) {
        if DECIDES.get() {
            return;
        }
        let thread = thread::current();
        let name = thread.name().unwrap_or("a thread without a name");
        if name != BLOCKING {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            threads.insert(name.to_owned());
            self.any.store(true, Ordering::Release);
        }
    }

    /// Whether threads were noted since the last [`take`](Self::take).
    pub(crate) fn is_any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    /// The names of the threads noted since the last call.
    pub(crate) fn take(&self) -> BTreeSet<String> {
        if !self.any.swap(false, Ordering::AcqRel) {
            return BTreeSet::new();
        }
        std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Says that this thread makes decisions, for as long as it lives.
#[derive(Debug)]
pub(in crate::interleave) struct Deciding(bool);

impl Deciding {
    pub(in crate::interleave) fn begin() -> Self {
        Self(DECIDES.replace(true))
    }
}

impl Drop for Deciding {
    fn drop(&mut self) {
        DECIDES.set(self.0);
    }
}
