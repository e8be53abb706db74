use std::cell::RefCell;

use crate::trace::Observer;

thread_local! {
    static SERVED: RefCell<Option<Observer>> = const { RefCell::new(None) };
}

/// While it lives, what this thread logs is seen by a user.
#[derive(Debug)]
#[must_use = "the user sees logs only while this lives"]
pub(crate) struct Serving {
    outer: Option<Observer>,
}

/// Has a user see what this thread logs, and what is logged in spans that it opens, for as long as the guard lives.
pub(crate) fn serve(observer: &Observer) -> Serving {
    Serving {
        outer: SERVED.replace(Some(observer.clone())),
    }
}

/// The user whom this thread serves.
pub(super) fn now() -> Option<Observer> {
    // A thread whose thread-locals are torn down serves nobody any more.
    SERVED.try_with(|served| served.borrow().clone()).ok().flatten()
}

impl Drop for Serving {
    fn drop(&mut self) {
        SERVED.set(self.outer.take());
    }
}
