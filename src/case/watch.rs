use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::exit;
use super::phase::Phase;
use super::stop::{Reason, Stop};

/// How long a phase that was told to stop may take to come to an await before its thread counts as blocked.
const GRACE: Duration = Duration::from_secs(1);

/// How often to look which phase it is. A phase that begins wakes nobody: most are over before anybody looked.
const GLANCE: Duration = Duration::from_millis(20);

/// How long everything may take together once the process has been told to end. Nextest kills after ten seconds.
const LAST_WORDS: Duration = Duration::from_secs(7);

/// What one thread does for a test, as another watches it.
#[derive(Debug)]
pub(super) struct Watch {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// Which thread works for the test; one that was given up finds a higher number.
    worker: u64,
    now: Option<Now>,
    over: bool,
    interrupted: Option<(i32, Instant)>,
    /// Whether the test has ended the process.
    exited: bool,
    /// The last worker whose thread has ended, its thread-locals included.
    ended: Option<u64>,
}

#[derive(Debug)]
struct Now {
    phase: Phase,
    stop: Arc<Stop>,
    limit: Option<Duration>,
    /// How long it may take where no signal comes.
    allowed: Option<Duration>,
    since: Instant,
    /// Since when the phase waits for what it is not to blame for.
    held: Option<Instant>,
    told: Option<Instant>,
}

/// The thread has been given up: what is left of the test is another's to do.
#[derive(Debug)]
pub(super) struct GivenUp;

/// A phase came to its end, and was not over in time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Late {
    pub(super) limit: Duration,
    pub(super) took: Duration,
}

/// What the watching thread is told.
#[derive(Debug)]
pub(super) enum Watched {
    Over,
    /// The worker does not come back from this phase, and has been given up.
    Blocked {
        phase: Phase,
        reason: Reason,
    },
    /// The process is being ended from within this phase, or from between two.
    Exited {
        phase: Option<Phase>,
    },
}

impl Watch {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
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

    /// Which worker comes next.
    pub(super) fn worker(&self) -> u64 {
        self.state().worker
    }

    /// A phase begins, which may take this long; gives what tells it to stop.
    pub(super) fn begin(
        &self,
        worker: u64,
        phase: Phase,
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
        if let Some((signal, at)) = state.interrupted {
            if is_stopped_by_signals(phase) {
                stop.because(Reason::Interrupted(signal));
            }
            let left = (at + LAST_WORDS).saturating_duration_since(since);
            limit = Some(limit.map_or(left, |limit| limit.min(left)));
        }
        state.now = Some(Now {
            phase,
            stop: Arc::clone(&stop),
            limit,
            allowed,
            since,
            held: None,
            told: None,
        });
        Ok(stop)
    }

    /// The phase is over; says so where its time was over before.
    pub(super) fn end(&self, worker: u64) -> Result<Option<Late>, GivenUp> {
        let mut state = self.state();
        if state.worker != worker {
            return Err(GivenUp);
        }
        let late = state.now.take().and_then(|now| now.late());
        Ok(late.filter(|_| state.interrupted.is_none()))
    }

    /// What was left to do is done by one more worker, after the last one has finished.
    pub(super) fn again(&self) {
        let mut state = self.state();
        state.worker += 1;
        state.over = false;
    }

    /// The process is about to end, by a thread that works for the test: the worker does not come back.
    pub(super) fn exit(&self) {
        self.state().exited = true;
        self.changed.notify_all();
    }

    /// The thread of a worker has ended.
    pub(super) fn thread_ended(&self, worker: u64) {
        self.state().ended = Some(worker);
        self.changed.notify_all();
    }

    /// Waits for the end of a worker's thread, for as long as a phase may take to come to an await.
    pub(super) fn wait_for_thread(&self, worker: u64) -> Result<(), Duration> {
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
    pub(super) fn finish(&self, worker: u64) {
        let mut state = self.state();
        if state.worker == worker {
            state.over = true;
            drop(state);
            // Else the end of the thread is told next, and one wake-up is enough.
            if !exit::TELLS_OF_ENDS {
                self.changed.notify_all();
            }
        }
    }

    /// The phase waits for what it is not to blame for: its time stands still.
    pub(super) fn hold(&self) {
        if let Some(now) = &mut self.state().now {
            now.held = Some(Instant::now());
        }
    }

    /// Its time goes on.
    pub(super) fn go_on(&self) {
        if let Some(now) = &mut self.state().now
            && let Some(held) = now.held.take()
        {
            now.since += held.elapsed();
        }
    }

    /// The process has been told to end: set-up and body are stopped, what cleans up goes on for a while.
    pub(super) fn interrupt(&self, signal: i32) {
        let mut state = self.state();
        state.interrupted.get_or_insert((signal, Instant::now()));
        if let Some(now) = &mut state.now {
            if is_stopped_by_signals(now.phase) {
                now.stop.because(Reason::Interrupted(signal));
                now.told = Some(Instant::now());
            } else {
                let left = now.since.elapsed() + LAST_WORDS;
                now.limit = Some(now.limit.map_or(left, |limit| limit.min(left)));
            }
        }
        drop(state);
        self.changed.notify_all();
    }

    pub(super) fn interrupted(&self) -> Option<i32> {
        self.state().interrupted.map(|(signal, _)| signal)
    }

    /// Waits until the work is done, telling phases to stop when their time is up.
    pub(super) fn watch(&self) -> Watched {
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
            let wait = match state.now.as_mut().map(Now::next) {
                None | Some(Next::WaitForNews) => GLANCE,
                Some(Next::Wait(time)) => time.min(GLANCE),
                Some(Next::GiveUp(reason)) => {
                    state.worker += 1;
                    let phase = state.now.take().expect("somebody is given up in a phase").phase;
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

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Next {
    Wait(Duration),
    WaitForNews,
    GiveUp(Reason),
}

impl Now {
    fn late(&self) -> Option<Late> {
        let took = self.held.unwrap_or_else(Instant::now).duration_since(self.since);
        let limit = self.allowed.filter(|limit| took > *limit)?;
        Some(Late { limit, took })
    }

    fn next(&mut self) -> Next {
        if let Some(told) = self.told {
            return match (GRACE.checked_sub(told.elapsed()), self.stop.reason()) {
                (None, Some(reason)) => Next::GiveUp(reason),
                (left, _) => Next::Wait(left.unwrap_or(GRACE)),
            };
        }
        let Some(limit) = self.limit.filter(|_| self.held.is_none()) else {
            return Next::WaitForNews;
        };
        if let Some(left) = limit.checked_sub(self.since.elapsed()) {
            return Next::Wait(left);
        }
        self.stop.because(Reason::TimedOut(limit));
        self.told = Some(Instant::now());
        Next::Wait(GRACE)
    }
}

fn is_stopped_by_signals(phase: Phase) -> bool {
    matches!(phase, Phase::SetUp | Phase::Body)
}
