//! What happens when a test ends the process by `std::process::exit`: its clean-ups are run, and the failure names it.
//!
//! `exit` runs the destructors of the thread-locals of its thread (on Linux, with glibc), and of no other.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

use super::signals;
use crate::case::phases::Watch;
use crate::case::state::CaseState;

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
    /// The test that the thread works for, until it is disarmed: where the thread ends before, the process does.
    armed: RefCell<Option<Weak<CaseState>>>,
    /// Where the thread is a worker's: its number, and the watch to report its end to.
    worker: RefCell<Option<(Arc<Watch>, u64)>>,
}

/// From now on, this thread works for the test, and is to call [`disarm`] before it ends.
pub(in crate::case) fn arm(state: Weak<CaseState>) {
    // A thread whose thread-locals are torn down ends by itself; so below.
    AT_EXIT
        .try_with(|exit| *exit.armed.borrow_mut() = Some(state))
        .unwrap_or(());
}

/// The thread is done with its work for the test.
pub(in crate::case) fn disarm() {
    AT_EXIT
        .try_with(|exit| drop(exit.armed.borrow_mut().take()))
        .unwrap_or(());
}

/// Reports to the test's watch when this thread has ended, and its thread-locals are gone. Has to be called before the thread has
/// other thread-locals: the first to be made is the last to be destroyed.
pub(in crate::case) fn report_end(watch: &Arc<Watch>, worker: u64) {
    AT_EXIT
        .try_with(|exit| *exit.worker.borrow_mut() = Some((Arc::clone(watch), worker)))
        .unwrap_or(());
}

impl Drop for AtExit {
    fn drop(&mut self) {
        if let Some(state) = self.armed.get_mut().take().and_then(|state| state.upgrade()) {
            signals::end_process(&state);
        }
        if let Some((watch, worker)) = self.worker.get_mut().take() {
            watch.thread_ended(worker);
        }
    }
}
