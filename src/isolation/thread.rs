use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tracing::dispatcher;
use tracing::subscriber::NoSubscriber;

use super::shared::Shared;
use crate::current;

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

/// Starts a thread that is called like this one and works for the same test, so that captured output, logs and panics
/// go where this one's do.
pub(crate) fn spawn(work: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    let dispatch = dispatcher::get_default(Clone::clone);
    let test = current::test();
    let name = thread::current().name().unwrap_or("isolation").to_owned();
    thread::Builder::new()
        .name(name)
        .spawn(move || {
            let _test = current::enter(test);
            let _logs = (!dispatch.is::<NoSubscriber>()).then(|| dispatcher::set_default(&dispatch));
            work();
        })
        .expect("the operating system has resources for one more thread")
}
