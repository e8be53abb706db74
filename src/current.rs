//! Which test a thread works for.
//!
//! A process may run many tests at once, each with threads of its own: what a thread logs, panics with or asks for
//! belongs to the test that the thread works for. Threads are told when they start; one that nobody told knows of none.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A test that is running in this process.
#[derive(Debug)]
pub(crate) struct CurrentTest {
    id: u64,
    krate: String,
    path: String,
}

impl CurrentTest {
    /// A test named by the module that it stands in (`chat::engines`, the crate first) and its function.
    pub(crate) fn new(module: &str, name: &str) -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let (krate, within) = module.split_once("::").unwrap_or((module, ""));
        let path = if within.is_empty() {
            name.to_owned()
        } else {
            format!("{within}::{name}")
        };
        Arc::new(Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            krate: krate.to_owned(),
            path,
        })
    }

    /// Tells tests of this process apart, also two runs of one function.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// The crate that the test is compiled in.
    pub(crate) fn krate(&self) -> &str {
        &self.krate
    }

    /// The test's path within its crate: what `cargo test` takes as a filter.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Arc<CurrentTest>>> = const { RefCell::new(None) };
}

/// The test that this thread works for, where it was told.
pub(crate) fn test() -> Option<Arc<CurrentTest>> {
    // A thread whose thread-locals are torn down works for nobody any more.
    CURRENT
        .try_with(|current| current.borrow().clone())
        .ok()
        .flatten()
}

/// Has this thread work for `test` for as long as the guard lives.
pub(crate) fn enter(test: Option<Arc<CurrentTest>>) -> Entered {
    Entered {
        outer: CURRENT.replace(test),
    }
}

/// While it lives, its thread works for a test.
#[derive(Debug)]
#[must_use = "the thread works for the test only while this lives"]
pub(crate) struct Entered {
    outer: Option<Arc<CurrentTest>>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.outer.take());
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::{CurrentTest, enter, test};

    #[test]
    fn a_test_is_named_by_its_path_within_its_crate() {
        let deep = CurrentTest::new("chat::engines::tests", "stay_apart");
        assert_eq!(
            (deep.krate(), deep.path()),
            ("chat", "engines::tests::stay_apart")
        );
        let flat = CurrentTest::new("chat", "stay_apart");
        assert_eq!((flat.krate(), flat.path()), ("chat", "stay_apart"));
        assert_ne!(deep.id(), flat.id());
    }

    #[test]
    fn a_thread_works_for_the_innermost_test_that_it_was_told_of() {
        let [outer, inner] = ["outer", "inner"].map(|name| CurrentTest::new("chat", name));
        let name = || test().map(|test| test.path().to_owned());
        assert_eq!(name(), None);
        let guard = enter(Some(outer));
        let nested = enter(Some(inner));
        assert_eq!(name().as_deref(), Some("inner"));
        assert_eq!(
            thread::spawn(name).join().unwrap(),
            None,
            "other threads are not told"
        );
        drop(nested);
        assert_eq!(name().as_deref(), Some("outer"));
        drop(guard);
        assert_eq!(name(), None);
    }
}
