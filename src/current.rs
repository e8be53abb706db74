//! Which test a thread works for.
//!
//! A process may run many tests at once, each with threads of its own: what a thread logs, panics with or asks for
//! belongs to the test that the thread works for. The harness tells the threads that it starts. A thread that the code
//! under test starts is told by nobody; on Linux it has the short name of the thread that started it, unless it was
//! given one, and a test's threads have short names that tell the test.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::thread_inheritance;

/// A test that is running in this process.
#[derive(Debug)]
pub(crate) struct CurrentTest {
    id: u64,
    krate: String,
    path: String,
    /// What the harness composed for it: see [`composed`](crate::composed).
    composed: Mutex<Vec<String>>,
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
        let test = Arc::new(Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            krate: krate.to_owned(),
            path,
            composed: Mutex::default(),
        });
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|test| test.strong_count() > 0);
        known.push(Arc::downgrade(&test));
        test
    }

    /// The test of that id, where it is still running.
    fn find(id: u64) -> Option<Arc<Self>> {
        let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().filter_map(Weak::upgrade).find(|test| test.id == id)
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

    /// Keeps a text that the harness composed.
    pub(crate) fn compose(&self, text: &str) {
        let mut composed = self.composed.lock().unwrap_or_else(PoisonError::into_inner);
        if !text.is_empty() && !composed.iter().any(|known| known == text) {
            composed.push(text.to_owned());
        }
    }

    /// The texts that the harness composed, the longest first: one may hold another.
    pub(crate) fn composed(&self) -> Vec<String> {
        let composed = self.composed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut composed = composed.clone();
        composed.sort_by_key(|text| std::cmp::Reverse(text.len()));
        composed
    }
}

static KNOWN: Mutex<Vec<Weak<CurrentTest>>> = Mutex::new(Vec::new());

/// What a thread knows of the test that it works for.
#[derive(Clone, Debug)]
enum Knowledge {
    /// Nobody told it, and it has not asked.
    Untold,
    Told(Option<Arc<CurrentTest>>),
    /// It found out by itself, and does not keep the test alive.
    FoundOut(Option<Weak<CurrentTest>>),
    /// It was started by one test and has worked for another: between such jobs it works for nobody.
    Shared,
}

/// Which test a thread works for, and how that is known.
#[derive(Clone, Debug)]
pub(crate) enum Whose {
    /// It was told.
    Told(Arc<CurrentTest>),
    /// A thread that works for this test has started it.
    StartedBy(Arc<CurrentTest>),
    /// It was started by nobody who works for a test.
    Plain,
    /// It works for several, or has outlived its test.
    Nobody,
}

thread_local! {
    static CURRENT: RefCell<Knowledge> = const { RefCell::new(Knowledge::Untold) };
}

/// The test that this thread works for, where it was told or can find out.
pub(crate) fn test() -> Option<Arc<CurrentTest>> {
    match whose() {
        Whose::Told(test) | Whose::StartedBy(test) => Some(test),
        Whose::Plain | Whose::Nobody => None,
    }
}

/// The test that this thread works for, and how that is known.
pub(crate) fn whose() -> Whose {
    // A thread whose thread-locals are torn down works for nobody any more.
    CURRENT
        .try_with(|current| {
            let mut current = current.borrow_mut();
            current.find_out();
            match &*current {
                Knowledge::Told(Some(test)) => Whose::Told(Arc::clone(test)),
                Knowledge::FoundOut(Some(test)) => test.upgrade().map_or(Whose::Nobody, Whose::StartedBy),
                Knowledge::Shared => Whose::Nobody,
                Knowledge::Told(None) | Knowledge::FoundOut(None) | Knowledge::Untold => Whose::Plain,
            }
        })
        .unwrap_or(Whose::Nobody)
}

impl Knowledge {
    /// Asks who started this thread, where nobody told it.
    fn find_out(&mut self) {
        if let Self::Untold = self {
            *self = Self::FoundOut(thread_inheritance::test().map(|id| {
                // One that has ended leaves a handle that leads nowhere.
                CurrentTest::find(id)
                    .as_ref()
                    .map_or_else(Weak::new, Arc::downgrade)
            }));
        }
    }

    /// What a thread knows after it has worked for `test`.
    fn after(self, test: Option<&Arc<CurrentTest>>) -> Self {
        match (&self, test) {
            (Self::FoundOut(Some(own)), Some(test)) if !std::ptr::eq(own.as_ptr(), Arc::as_ptr(test)) => {
                Self::Shared
            }
            _ => self,
        }
    }
}

/// Has this thread work for `test` for as long as the guard lives.
pub(crate) fn enter(test: Option<Arc<CurrentTest>>) -> Entered {
    let mut outer = CURRENT.replace(Knowledge::Untold);
    outer.find_out();
    let outer = outer.after(test.as_ref());
    CURRENT.set(Knowledge::Told(test));
    Entered { outer }
}

/// Has this thread, and those that it starts without a name, work for `test` for as long as they live.
pub(crate) fn adopt(test: Arc<CurrentTest>) {
    thread_inheritance::set_test(test.id);
    CURRENT.set(Knowledge::Told(Some(test)));
}

/// While it lives, its thread works for a test.
#[derive(Debug)]
#[must_use = "the thread works for the test only while this lives"]
pub(crate) struct Entered {
    outer: Knowledge,
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.replace(std::mem::replace(&mut self.outer, Knowledge::Untold));
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::{CurrentTest, adopt, enter, test};

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

    #[test]
    #[cfg(target_os = "linux")]
    fn a_thread_without_a_name_works_for_whom_its_maker_works_for() {
        let ours = CurrentTest::new("chat", "ours");
        let found = thread::spawn(move || {
            adopt(ours);
            let name = || test().map(|test| test.path().to_owned());
            let unnamed = thread::spawn(move || thread::spawn(name).join().unwrap());
            let named = thread::Builder::new()
                .name("mailer".to_owned())
                .spawn(name)
                .unwrap();
            (unnamed.join().unwrap(), named.join().unwrap())
        });
        assert_eq!(found.join().unwrap(), (Some("ours".to_owned()), None));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_thread_that_outlives_its_test_works_for_nobody() {
        let ours = CurrentTest::new("chat", "ours");
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let maker = thread::spawn({
            let ours = std::sync::Arc::clone(&ours);
            move || {
                adopt(ours);
                thread::spawn(move || {
                    let during = test().is_some();
                    ended.recv().unwrap_err();
                    (during, test().is_some())
                })
            }
        });
        let outliving = maker.join().unwrap();
        while std::sync::Arc::strong_count(&ours) > 1 {
            thread::yield_now();
        }
        drop(ours);
        drop(end);
        let (_, after) = outliving.join().unwrap();
        assert!(!after);
    }
}
