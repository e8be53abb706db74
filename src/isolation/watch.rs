use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{env, panic};

use tracing::dispatcher;
use tracing::subscriber::NoSubscriber;

use super::search::Search;
use super::shared::Shared;
use super::{Verdict, blocked};

/// How often to look whether the search still moves.
const GLANCE: Duration = Duration::from_millis(20);

/// After how long a search shows on a terminal that it is under way, and how often.
const PATIENCE: Duration = Duration::from_secs(2);
const REFRESH: Duration = Duration::from_millis(250);

/// Runs a search on a thread of its own and watches it from this one.
///
/// A poll that blocks its thread cannot be interrupted: its thread is given up, and the search's outcome is told from
/// here. A thread of its own also lets a check be called inside a running runtime.
pub(crate) fn run(search: Search) -> Verdict {
    let search = Arc::new(search);
    let shared = Shared::new();
    let worker = Worker::start(Arc::clone(&search), Arc::clone(&shared));
    let verdict = match worker.watch(&shared, search.knobs.blocked_after) {
        Some(verdict) => verdict,
        None => Err(blocked::failure(&search, &shared)),
    };
    if let Ok(report) = &verdict
        && env::var_os("SSOT_REPORT").is_some_and(|value| value != "0" && !value.is_empty())
    {
        // Past the capture of test output, for it was asked for; a standard error that is closed is nobody's reader.
        drop(writeln!(io::stderr().lock(), "{report}"));
    }
    verdict
}

struct Worker {
    thread: JoinHandle<()>,
    verdict: Receiver<Verdict>,
}

impl Worker {
    fn start(search: Arc<Search>, shared: Arc<Shared>) -> Self {
        let (tell, verdict) = channel();
        let thread = spawn(move || {
            // Where the watching thread has given up, nobody wants the verdict.
            drop(tell.send(search.run(&shared)));
        });
        Self { thread, verdict }
    }

    /// The verdict; `None` where the search blocks its thread.
    fn watch(self, shared: &Shared, blocked_after: Duration) -> Option<Verdict> {
        let mut stillness = Stillness::new(shared);
        let mut line = ProgressLine::new();
        loop {
            match self.verdict.recv_timeout(GLANCE) {
                Ok(verdict) => return Some(verdict),
                Err(RecvTimeoutError::Timeout) => {
                    line.show(shared);
                    if stillness.lasts(shared) > blocked_after {
                        return None;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    // A closure of the check's own panicked; the message has been printed where it did.
                    match self.thread.join() {
                        Err(payload) => panic::resume_unwind(payload),
                        Ok(()) => unreachable!("a thread that ends without a panic has told its verdict"),
                    }
                }
            }
        }
    }
}

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

/// Starts a thread that is called like this one, so that captured output and logs go where this one's do.
pub(crate) fn spawn(work: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    let dispatch = dispatcher::get_default(Clone::clone);
    let name = thread::current().name().unwrap_or("isolation").to_owned();
    thread::Builder::new()
        .name(name)
        .spawn(move || {
            let _logs = (!dispatch.is::<NoSubscriber>()).then(|| dispatcher::set_default(&dispatch));
            work();
        })
        .expect("the operating system has resources for one more thread")
}

/// One line on a terminal that says how a long search goes.
struct ProgressLine {
    begun: Instant,
    shown: Option<Instant>,
    terminal: bool,
}

impl ProgressLine {
    fn new() -> Self {
        Self {
            begun: Instant::now(),
            shown: None,
            terminal: io::stderr().is_terminal(),
        }
    }

    fn show(&mut self, shared: &Shared) {
        let due = self.begun.elapsed() > PATIENCE && self.shown.is_none_or(|shown| shown.elapsed() > REFRESH);
        if !self.terminal || !due {
            return;
        }
        let Some(scene) = shared.scene() else { return };
        self.shown = Some(Instant::now());
        let seconds = self.begun.elapsed().as_secs_f64();
        // Progress that cannot be shown is not worth a failure.
        drop(write!(
            io::stderr().lock(),
            "\r\x1b[2Kssot: {} executions in {seconds:.1} s ({})",
            scene.executions,
            scene.found_by
        ));
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        if self.shown.is_some() {
            drop(write!(io::stderr().lock(), "\r\x1b[2K"));
        }
    }
}
