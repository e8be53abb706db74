use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::witness;

/// What tokio calls the threads of its blocking pool, unless it is told otherwise. Their work is noticed before it begins.
pub(in crate::interleave) const BLOCKING: &str = "tokio-rt-worker";

thread_local! {
    static ROLE: Cell<Role> = const { Cell::new(Role::Outside) };
}

/// What a thread has to do with an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Outside,
    /// It makes the decisions.
    Decides,
    /// It makes the decisions of one whose steps are noted.
    DecidesNoted,
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
        match ROLE.get() {
            Role::Decides => return,
            Role::DecidesNoted => return witness::wakes(),
            Role::Outside => {}
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

/// Whether the steps are noted of the execution whose decisions this thread makes.
pub(super) fn is_noted() -> bool {
    ROLE.get() == Role::DecidesNoted
}

/// Says that this thread makes decisions, for as long as it lives.
#[derive(Debug)]
pub(in crate::interleave) struct Deciding(Role);

impl Deciding {
    pub(in crate::interleave) fn begin() -> Self {
        Self(ROLE.replace(Role::Decides))
    }

    /// The same of an execution whose steps are noted.
    pub(in crate::interleave) fn begin_noted() -> Self {
        Self(ROLE.replace(Role::DecidesNoted))
    }
}

impl Drop for Deciding {
    fn drop(&mut self) {
        ROLE.set(self.0);
    }
}
