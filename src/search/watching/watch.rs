use std::io::{self, Write as _};
use std::panic;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use console::Term;

use super::blocked;
use super::verdict::verdict;
use crate::report::Verdict;
use crate::search::explorer::CheckPlan;
use crate::search::shared::Shared;
use crate::search::thread::{Stillness, spawn};
use crate::settings;

/// How often to look whether the search still moves.
const GLANCE: Duration = Duration::from_millis(20);

/// After how long a search shows on a terminal that it is under way, and how often.
const PATIENCE: Duration = Duration::from_secs(2);
const REFRESH: Duration = Duration::from_millis(250);

/// How often a soak says so where there is no terminal.
const NOW_AND_THEN: Duration = Duration::from_secs(30);

/// Runs a search on a thread of its own and watches it from this one.
///
/// A poll that blocks its thread cannot be interrupted: its thread is given up, and the search's outcome is told from
/// here. A thread of its own also lets a check be called inside a running runtime.
pub(crate) fn run(search: CheckPlan) -> Verdict {
    let search = Arc::new(search);
    let shared = Shared::new();
    let worker = Worker::start(Arc::clone(&search), Arc::clone(&shared));
    let verdict = match worker.watch(&shared, search.config.blocked_after, search.config.soak) {
        Some(verdict) => verdict,
        None => Err(blocked::failure(&search, &shared)),
    };
    if let Ok(report) = &verdict {
        // Past the capture of test output: a pass that is not a full one must not look like it. A standard error that
        // is closed is nobody's reader.
        if settings::is_on("SSOT_REPORT") || search.config.soak {
            drop(writeln!(io::stderr().lock(), "{report}"));
        } else {
            let test = report.test().unwrap_or("a check");
            for caveat in report.caveats() {
                drop(writeln!(io::stderr().lock(), "ssot: {test} passed, but {caveat}"));
            }
        }
    }
    verdict
}

struct Worker {
    thread: JoinHandle<()>,
    verdict: Receiver<Verdict>,
}

impl Worker {
    fn start(search: Arc<CheckPlan>, shared: Arc<Shared>) -> Self {
        let (tell, told) = channel();
        let thread = spawn(move || {
            // Where the watching thread has given up, nobody wants the verdict.
            drop(tell.send(verdict(&search, &shared)));
        });
        Self {
            thread,
            verdict: told,
        }
    }

    /// The verdict; `None` where the search blocks its thread.
    fn watch(self, shared: &Shared, blocked_after: Duration, soak: bool) -> Option<Verdict> {
        let mut stillness = Stillness::new(shared);
        let mut line = ProgressLine::new(soak);
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

/// Says how a long search goes: in one line of a terminal, or, of a soak, in a line now and then.
struct ProgressLine {
    begun: Instant,
    shown: Option<Instant>,
    terminal: Term,
    soak: bool,
}

impl ProgressLine {
    fn new(soak: bool) -> Self {
        Self {
            begun: Instant::now(),
            shown: None,
            terminal: Term::stderr(),
            soak,
        }
    }

    fn show(&mut self, shared: &Shared) {
        let (patience, refresh) = match (self.terminal.is_term(), self.soak) {
            (true, _) => (PATIENCE, REFRESH),
            (false, true) => (NOW_AND_THEN, NOW_AND_THEN),
            (false, false) => return,
        };
        let due = self.begun.elapsed() > patience && self.shown.is_none_or(|shown| shown.elapsed() > refresh);
        if !due {
            return;
        }
        let Some(current) = shared.current() else { return };
        self.shown = Some(Instant::now());
        let seconds = self.begun.elapsed().as_secs_f64();
        let line = format!(
            "ssot: {} executions in {seconds:.1} s ({})",
            current.executions, current.phase
        );
        let shown = if self.terminal.is_term() {
            self.terminal
                .clear_line()
                .and_then(|()| self.terminal.write_str(&line))
        } else {
            self.terminal.write_line(&line)
        };
        // Progress that cannot be shown is not worth a failure.
        drop(shown);
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        if self.shown.is_some() && self.terminal.is_term() {
            drop(self.terminal.clear_line());
        }
    }
}
