use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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
    /// How long the body had, where it came to its end after that.
    late: Option<Duration>,
}

#[derive(Debug)]
struct Now {
    phase: Phase,
    stop: Arc<Stop>,
    limit: Option<Duration>,
    since: Instant,
    /// Since when the phase waits for what it is not to blame for.
    held: Option<Instant>,
    told: Option<Instant>,
}

/// The thread has been given up: what is left of the test is another's to do.
#[derive(Debug)]
pub(super) struct GivenUp;

/// What the watching thread is told.
#[derive(Debug)]
pub(super) enum Watched {
    Over,
    /// The worker does not come back from this phase, and has been given up.
    Blocked {
        phase: Phase,
        reason: Reason,
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
                late: None,
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
            since,
            held: None,
            told: None,
        });
        Ok(stop)
    }

    /// The phase is over.
    pub(super) fn end(&self, worker: u64) -> Result<(), GivenUp> {
        let mut state = self.state();
        if state.worker != worker {
            return Err(GivenUp);
        }
        if let Some(now) = state.now.take()
            && now.phase == Phase::Body
        {
            state.late = now.limit.filter(|limit| now.since.elapsed() > *limit);
        }
        Ok(())
    }

    /// How long the body had, where it came to its end after that: it may have blocked its thread meanwhile.
    pub(super) fn late(&self) -> Option<Duration> {
        self.state().late
    }

    /// The work is done; ignored from a worker that has been given up.
    pub(super) fn finish(&self, worker: u64) {
        let mut state = self.state();
        if state.worker == worker {
            state.over = true;
            drop(state);
            self.changed.notify_all();
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
