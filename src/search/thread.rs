use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tracing::dispatcher::{self, DefaultGuard, Dispatch};
use tracing::subscriber::NoSubscriber;

use super::shared::Shared;
use crate::current::{self, CurrentTest, Entered};

/// How long code under test has had the thread without giving it back.
pub(crate) struct Stillness {
    beat: u64,
    since: Instant,
}

impl Stillness {
    pub(crate) fn new(shared: &Shared) -> Self {
        Self {
            beat: shared.progress.beat(),
            since: Instant::now(),
        }
    }

    pub(crate) fn lasts(&mut self, shared: &Shared) -> Duration {
        let beat = shared.progress.beat();
        if beat != self.beat || !shared.progress.is_polling() {
            self.beat = beat;
            self.since = Instant::now();
        }
        self.since.elapsed()
    }
}

/// Whom a thread works for, and who hears what it logs.
pub(crate) struct Caller {
    test: Option<Arc<CurrentTest>>,
    dispatch: Option<Dispatch>,
}

impl Caller {
    /// This thread's.
    pub(crate) fn here() -> Self {
        let dispatch = dispatcher::get_default(Clone::clone);
        Self {
            test: current::test(),
            dispatch: (!dispatch.is::<NoSubscriber>()).then_some(dispatch),
        }
    }

    /// Has another thread work for the same, for as long as the guard lives.
    pub(crate) fn enter(&self) -> (Entered, Option<DefaultGuard>) {
        (
            current::enter(self.test.clone()),
            self.dispatch.as_ref().map(dispatcher::set_default),
        )
    }
}

/// Starts a thread that is called like this one and works for the same test, so that captured output, logs and panics
/// go where this one's do.
pub(crate) fn spawn(work: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    let caller = Caller::here();
    let name = thread::current().name().unwrap_or("isolation").to_owned();
    thread::Builder::new()
        .name(name)
        .spawn(move || {
            let _caller = caller.enter();
            work();
        })
        .expect("the operating system has resources for one more thread")
}
