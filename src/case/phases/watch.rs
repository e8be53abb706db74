use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::stop::{Reason, Stop};
use crate::report::{Interruption, Late, TestPhase};

/// How long a phase that is stopped may take to reach an await before its thread counts as blocked.
const GRACE: Duration = Duration::from_secs(1);

/// The interval at which the phase is read. A phase that begins notifies no thread: most end within one interval.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How long everything may take together once the process has been told to end. Nextest kills after ten seconds.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(7);

/// Whether the end of a worker's thread is reported: by the destructors of its thread-locals, which other platforms may not run,
/// or run in another order.
pub(in crate::case) const REPORTS_THREAD_ENDS: bool = cfg!(all(target_os = "linux", target_env = "gnu"));

/// What one thread does for a test, as another watches it.
#[derive(Debug)]
pub(in crate::case) struct Watch {
    state: Mutex<WatchState>,
    changed: Condvar,
}

#[derive(Debug)]
struct WatchState {
    /// Which thread works for the test; one that was given up finds a higher number.
    worker: u64,
    now: Option<CurrentPhase>,
    over: bool,
    interrupted: Option<(Interruption, Instant)>,
    /// Whether the test has ended the process.
    exited: bool,
    /// The last worker whose thread has ended, its thread-locals included.
    ended: Option<u64>,
}

#[derive(Debug)]
struct CurrentPhase {
    phase: TestPhase,
    stop: Arc<Stop>,
    limit: Option<Duration>,
    /// How long it may take where no signal comes.
    allowed: Option<Duration>,
    since: Instant,
    /// Since when the phase waits for other tests, which does not count against its limit.
    paused: Option<Instant>,
    /// When it was told to stop.
    stopped: Option<Instant>,
}

/// The thread has been given up: another worker does what is left of the test.
#[derive(Debug)]
pub(in crate::case) struct GivenUp;

/// Why `watch` returned.
#[derive(Debug)]
pub(in crate::case) enum Watched {
    Over,
    /// The worker does not come back from this phase, and has been given up.
    Blocked {
        phase: TestPhase,
        reason: Reason,
    },
    /// The process is being ended from within this phase, or from between two.
    Exited {
        phase: Option<TestPhase>,
    },
}

impl Watch {
    pub(in crate::case) fn new() -> Self {
        Self {
            state: Mutex::new(WatchState {
                worker: 0,
                now: None,
                over: false,
                interrupted: None,
                exited: false,
                ended: None,
            }),
            changed: Condvar::new(),
        }
    }

    /// The number of the worker that is current.
    pub(in crate::case) fn worker(&self) -> u64 {
        self.state().worker
    }

    /// Begins a phase with this limit; returns what stops it.
    pub(in crate::case) fn begin(
        &self,
        worker: u64,
        phase: TestPhase,
        limit: Option<Duration>,
    ) -> Result<Arc<Stop>, GivenUp> {
        let stop = Arc::new(Stop::default());
        let mut state = self.state();
        if state.worker != worker {
            return Err(GivenUp);
        }
        let since = Instant::now();
        let allowed = limit;
        let mut limit = limit;
        if let Some((interruption, at)) = state.interrupted {
            if is_stopped_by_signals(phase) {
                stop.because(Reason::Interrupted(interruption));
            }
            let left = (at + SHUTDOWN_LIMIT).saturating_duration_since(since);
            limit = Some(limit.map_or(left, |limit| limit.min(left)));
        }
        state.now = Some(CurrentPhase {
            phase,
            stop: Arc::clone(&stop),
            limit,
            allowed,
            since,
            paused: None,
            stopped: None,
        });
        Ok(stop)
    }

    /// Ends the phase; returns by how much it exceeded its limit, where it did.
    pub(in crate::case) fn end(&self, worker: u64) -> Result<Option<Late>, GivenUp> {
        let mut state = self.state();
        if state.worker != worker {
            return Err(GivenUp);
        }
        let late = state.now.take().and_then(|now| now.late());
        Ok(late.filter(|_| state.interrupted.is_none()))
    }

    /// One more worker follows the last one, which has finished.
    pub(in crate::case) fn again(&self) {
        let mut state = self.state();
        state.worker += 1;
        state.over = false;
    }

    /// The process is about to end, by a thread that works for the test: the worker does not come back.
    pub(in crate::case) fn exit(&self) {
        self.state().exited = true;
        self.changed.notify_all();
    }

    /// The thread of a worker has ended.
    pub(in crate::case) fn thread_ended(&self, worker: u64) {
        self.state().ended = Some(worker);
        self.changed.notify_all();
    }

    /// Waits for the end of a worker's thread, for as long as a phase may take to reach an await.
    pub(in crate::case) fn wait_for_thread(&self, worker: u64) -> Result<(), Duration> {
        let state = self.state();
        let (state, _) = self
            .changed
            .wait_timeout_while(state, GRACE, |state| state.ended != Some(worker))
            .unwrap_or_else(PoisonError::into_inner);
        if state.ended == Some(worker) {
            Ok(())
        } else {
            Err(GRACE)
        }
    }

    /// The work is done; ignored from a worker that has been given up.
    pub(in crate::case) fn finish(&self, worker: u64) {
        let mut state = self.state();
        if state.worker == worker {
            state.over = true;
            drop(state);
            // Otherwise the end of the thread is reported next, and one wake-up is enough.
            if !REPORTS_THREAD_ENDS {
                self.changed.notify_all();
            }
        }
    }

    /// The phase waits for other tests: its time stops.
    pub(in crate::case) fn pause_time(&self) {
        if let Some(now) = &mut self.state().now {
            now.paused = Some(Instant::now());
        }
    }

    /// Its time continues.
    pub(in crate::case) fn resume_time(&self) {
        if let Some(now) = &mut self.state().now
            && let Some(paused) = now.paused.take()
        {
            now.since += paused.elapsed();
        }
    }

    /// The process has received a signal: set-up and body are stopped, clean-ups continue for a limited time.
    pub(in crate::case) fn interrupt(&self, interruption: Interruption) {
        let mut state = self.state();
        state.interrupted.get_or_insert((interruption, Instant::now()));
        if let Some(now) = &mut state.now {
            if is_stopped_by_signals(now.phase) {
                now.stop.because(Reason::Interrupted(interruption));
                now.stopped = Some(Instant::now());
            } else {
                let left = now.since.elapsed() + SHUTDOWN_LIMIT;
                now.limit = Some(now.limit.map_or(left, |limit| limit.min(left)));
            }
        }
        drop(state);
        self.changed.notify_all();
    }

    pub(in crate::case) fn interrupted(&self) -> Option<Interruption> {
        self.state().interrupted.map(|(interruption, _)| interruption)
    }

    /// Waits until the work is done, and stops phases that exceed their limit.
    pub(in crate::case) fn watch(&self) -> Watched {
        let mut state = self.state();
        loop {
            if std::mem::take(&mut state.exited) {
                state.worker += 1;
                return Watched::Exited {
                    phase: state.now.take().map(|now| now.phase),
                };
            }
            if state.over {
                return Watched::Over;
            }
            let wait = match state.now.as_mut().map(CurrentPhase::next) {
                None | Some(Next::WaitForChange) => POLL_INTERVAL,
                Some(Next::Wait(time)) => time.min(POLL_INTERVAL),
                Some(Next::GiveUp(reason)) => {
                    state.worker += 1;
                    let phase = state.now.take().expect("a worker is given up in a phase").phase;
                    return Watched::Blocked { phase, reason };
                }
            };
            state = self
                .changed
                .wait_timeout(state, wait)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn state(&self) -> MutexGuard<'_, WatchState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Next {
    Wait(Duration),
    WaitForChange,
    GiveUp(Reason),
}

impl CurrentPhase {
    fn late(&self) -> Option<Late> {
        let took = self
            .paused
            .unwrap_or_else(Instant::now)
            .duration_since(self.since);
        let limit = self.allowed.filter(|limit| took > *limit)?;
        Some(Late { limit, took })
    }

    fn next(&mut self) -> Next {
        if let Some(stopped) = self.stopped {
            return match (GRACE.checked_sub(stopped.elapsed()), self.stop.reason()) {
                (None, Some(reason)) => Next::GiveUp(reason),
                (left, _) => Next::Wait(left.unwrap_or(GRACE)),
            };
        }
        let Some(limit) = self.limit.filter(|_| self.paused.is_none()) else {
            return Next::WaitForChange;
        };
        if let Some(left) = limit.checked_sub(self.since.elapsed()) {
            return Next::Wait(left);
        }
        self.stop.because(Reason::TimedOut(limit));
        self.stopped = Some(Instant::now());
        Next::Wait(GRACE)
    }
}

fn is_stopped_by_signals(phase: TestPhase) -> bool {
    matches!(phase, TestPhase::SetUp | TestPhase::Body)
}
