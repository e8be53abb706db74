//! What happens when a test ends the process by `std::process::exit`: its clean-ups are run, and it is named.
//!
//! `exit` runs the destructors of the thread-locals of its thread (on Linux, with glibc), and of no other.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

use super::core::Core;
use super::interrupt;

/// Whether the end of a thread is told. Elsewhere, destructors of thread-locals may not be run, or in another order.
pub(super) const TELLS_OF_ENDS: bool = cfg!(all(target_os = "linux", target_env = "gnu"));

thread_local! {
    static AT_EXIT: AtExit = const {
        AtExit {
            armed: RefCell::new(None),
            worker: RefCell::new(None),
        }
    };
}

/// What is to be done when this thread ends.
struct AtExit {
    /// The test that the thread works for, until it says that it is done: where it ends before, the process does.
    armed: RefCell<Option<Weak<Core>>>,
    /// Whom to tell that the thread has ended, where it is a worker's.
    worker: RefCell<Option<(Arc<Core>, u64)>>,
}

/// From now on, this thread works for the test, and is to call [`disarm`] before it ends.
pub(super) fn arm(core: Weak<Core>) {
    // A thread whose thread-locals are torn down ends by itself; so below.
    AT_EXIT
        .try_with(|exit| *exit.armed.borrow_mut() = Some(core))
        .unwrap_or(());
}

/// The thread is done with its work for the test.
pub(super) fn disarm() {
    AT_EXIT
        .try_with(|exit| drop(exit.armed.borrow_mut().take()))
        .unwrap_or(());
}

/// Tells the one who watches the test when this thread has ended, and its thread-locals are gone. Called before there are others:
/// the first comes last.
pub(super) fn tell_of_end(core: &Arc<Core>, worker: u64) {
    AT_EXIT
        .try_with(|exit| *exit.worker.borrow_mut() = Some((Arc::clone(core), worker)))
        .unwrap_or(());
}

impl Drop for AtExit {
    fn drop(&mut self) {
        if let Some(core) = self.armed.get_mut().take().and_then(|core| core.upgrade()) {
            interrupt::exiting(&core);
        }
        if let Some((core, worker)) = self.worker.get_mut().take() {
            core.watch.thread_ended(worker);
        }
    }
}
