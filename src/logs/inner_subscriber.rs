//! Calls of the inner subscriber, to which ours passes everything on.
//!
//! A registry holds a handle of a span for each child, and for each thread that is in it. It takes them by itself, but
//! releases them through the dispatcher of the thread, which is ours: such a handle was never counted here. A span that a value
//! opens and closes while the inner subscriber prints it is treated the same; it is removed when its id is given again.

use std::cell::Cell;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Calls it.
pub(super) fn call<R>(call: impl FnOnce() -> R) -> R {
    let _calling = Calling::begin();
    call()
}

/// Whether this thread is within such a call, so that a handle that is released is not one of ours.
pub(super) fn is_calling() -> bool {
    // A thread whose thread-locals are torn down cannot tell: a span is then forgotten a handle early.
    DEPTH.try_with(Cell::get).unwrap_or(0) > 0
}

struct Calling;

impl Calling {
    fn begin() -> Self {
        Self::deepen(1);
        Self
    }

    fn deepen(by: isize) {
        // See `is_calling`.
        let _: Result<(), _> = DEPTH.try_with(|depth| depth.set(depth.get().saturating_add_signed(by)));
    }
}

impl Drop for Calling {
    fn drop(&mut self) {
        Self::deepen(-1);
    }
}
