//! The process's panic hook: who collects a panic, who is told of it, and that it is printed otherwise.

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::OnceLock;

pub(crate) use crate::hook::keep;
use crate::hook::wrap;

/// A panic: its message, and where it happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Panic {
    /// `None` where its payload is no text.
    message: Option<String>,
    /// `None` where nobody saw it begin: it was resumed.
    location: Option<String>,
}

impl Panic {
    /// Its message, or a text that stands for it.
    #[must_use]
    pub fn message(&self) -> &str {
        self.message.as_deref().unwrap_or("a panic without a message")
    }

    /// Its message; `None` where its payload is no text.
    pub(crate) fn own_message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// File, line and column, where they are known.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    pub(crate) fn of(info: &PanicHookInfo<'_>) -> Self {
        Self::from_payload(info.payload(), info.location().map(ToString::to_string))
    }

    pub(crate) fn from_payload(payload: &(dyn Any + Send), location: Option<String>) -> Self {
        let message = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        Self { message, location }
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Some(location) => write!(f, "{} (at {location})", self.message()),
            None => f.write_str(self.message()),
        }
    }
}

thread_local! {
    static COLLECTED: RefCell<Option<Vec<Panic>>> = const { RefCell::new(None) };
}

/// While it lives, panics of this thread are collected instead of printed.
///
/// A search runs a failing execution many times; each would print the same message. Panics of other threads are
/// printed as ever: the process's hook is wrapped once and asks, at each panic, whether its thread is quiet.
#[derive(Debug)]
pub(crate) struct Quiet {
    outer: Option<Vec<Panic>>,
}

#[expect(clippy::unused_self, reason = "who holds one is known to be quiet")]
impl Quiet {
    /// Begins to collect.
    pub(crate) fn begin() -> Self {
        wrap();
        Self {
            outer: COLLECTED.replace(Some(Vec::new())),
        }
    }

    /// Takes what has been collected since the last call.
    pub(crate) fn take(&self) -> Vec<Panic> {
        COLLECTED.with_borrow_mut(|collected| collected.as_mut().map(std::mem::take).unwrap_or_default())
    }

    /// Runs `f`; a panic in it becomes an error.
    ///
    /// # Errors
    ///
    /// The panic, where `f` panicked.
    pub(crate) fn catch<R>(&self, f: impl FnOnce() -> R) -> Result<R, Panic> {
        panic::catch_unwind(AssertUnwindSafe(f)).map_err(|payload| caught(payload.as_ref()))
    }
}

/// Has `observer` told of every panic of this process that nobody collects, before it is printed. The first observer
/// stays.
pub(crate) fn observe(observer: fn(Panic)) {
    wrap();
    OBSERVER.get_or_init(|| observer);
}

static OBSERVER: OnceLock<fn(Panic)> = OnceLock::new();

/// What the hook does with a panic: whether it is to be printed.
pub(crate) fn is_to_be_printed(info: &PanicHookInfo<'_>) -> bool {
    if collect(info) {
        return false;
    }
    if let Some(tell) = OBSERVER.get() {
        tell(Panic::of(info));
    }
    true
}

/// Runs what belongs to others, a destructor or a `Debug`: its panic becomes an error, and is neither printed nor told to the
/// observer.
pub(crate) fn attempt<R>(f: impl FnOnce() -> R) -> Result<R, Panic> {
    let quiet = Quiet::begin();
    panic::catch_unwind(AssertUnwindSafe(f)).map_err(|payload| {
        let panic = caught(payload.as_ref());
        discard_quietly(payload);
        drop(quiet);
        panic
    })
}

/// Drops the payload of a panic that has been caught. Its destructor may panic, with a payload whose destructor may.
pub(crate) fn discard(payload: Box<dyn Any + Send>) {
    let _quiet = Quiet::begin();
    discard_quietly(payload);
}

fn discard_quietly(mut payload: Box<dyn Any + Send>) {
    /// After so many, the next one is kept for ever.
    const PAYLOADS: usize = 16;
    for _ in 0..PAYLOADS {
        match panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            Ok(()) => return,
            Err(next) => payload = next,
        }
    }
    std::mem::forget(payload);
}

impl Drop for Quiet {
    fn drop(&mut self) {
        COLLECTED.set(self.outer.take());
    }
}

fn collect(info: &PanicHookInfo<'_>) -> bool {
    // A panic while thread-locals are torn down has nowhere to be collected, and is printed.
    COLLECTED
        .try_with(|collected| match collected.try_borrow_mut() {
            Ok(mut collected) => collected.as_mut().is_some_and(|panics| {
                panics.push(Panic::of(info));
                true
            }),
            Err(_) => false,
        })
        .unwrap_or(false)
}

/// The collected panic that belongs to a payload which has just been caught: the last one that says the same. What was
/// resumed has none.
fn caught(payload: &(dyn Any + Send)) -> Panic {
    let caught = Panic::from_payload(payload, None);
    COLLECTED
        .with_borrow_mut(|collected| {
            let collected = collected.as_mut()?;
            let index = collected
                .iter()
                .rposition(|panic| panic.message == caught.message)?;
            Some(collected.remove(index))
        })
        .unwrap_or(caught)
}
