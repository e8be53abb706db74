use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use super::Progress;
use super::budget::Carrier;
use super::notes::Notebook;
use super::runnables::Runnables;
use super::runtime::outside::Outside;
use super::runtime::ready_set::Wakers;
use super::runtime::stepped_runtime::SteppedRuntime;
use super::sockets::Sockets;

/// How long another thread has to wake somebody where it is found out whether one does.
const PROBE: Duration = Duration::from_millis(2);

/// Runs executions one after another, on the thread it is on.
pub struct Driver {
    pub(crate) step_limit: usize,
    /// After how many decisions an execution goes on under a fair schedule; `None` for three quarters of the limit.
    pub(crate) fair_after: Option<usize>,
    /// How many polls of tasks that are left behind an execution waits for; `None` for as many as the limit.
    pub(crate) drain_limit: Option<usize>,
    pub(crate) drops: u32,
    pub(crate) wait_for_outside: Duration,
    /// How long, in real time, to wait for a wake-up from another thread before the clock moves.
    pub(crate) grace: Duration,
    /// For how many moves of the clock it is yet to be found out whether such wake-ups come.
    pub(crate) probes: u32,
    /// Whether `spawn_local` works.
    pub(crate) local: bool,
    /// Whether sockets work, and how long to wait for what comes by them.
    pub(crate) sockets: Option<Sockets>,
    /// Which threads outside of the schedule have woken actors.
    pub(crate) outside: Arc<Outside>,
    pub(crate) patience: Duration,
    pub(crate) now: Arc<AtomicU32>,
    pub(crate) progress: Option<Arc<Progress>>,
    pub(crate) carrier: Option<Carrier>,
    pub(crate) runnables: Runnables,
    /// A runtime in which an execution left nothing, for the next one.
    pub(crate) spare: Option<SteppedRuntime>,
    /// The wakers of the last execution, for the next one.
    pub(crate) wakers: Option<Wakers>,
    /// For how many decisions the next execution makes room.
    pub(crate) decisions: usize,
    /// Where the steps of the next execution are noted.
    pub(crate) notes: Option<Arc<Notebook>>,
}

impl Driver {
    /// A driver with a step limit of 10,000, no drops and no patience with the outside.
    #[must_use]
    pub fn new() -> Self {
        Self {
            step_limit: 10_000,
            fair_after: None,
            drain_limit: None,
            drops: 0,
            wait_for_outside: Duration::ZERO,
            grace: Duration::ZERO,
            probes: 0,
            local: false,
            sockets: None,
            outside: Arc::default(),
            patience: Duration::from_secs(5),
            now: Arc::default(),
            progress: None,
            carrier: None,
            runnables: Runnables::default(),
            spare: None,
            wakers: None,
            decisions: 0,
            notes: None,
        }
    }

    /// After how many decisions an execution that has not ended is ended.
    pub fn limit_steps(&mut self, steps: usize) -> &mut Self {
        self.step_limit = steps;
        self
    }

    /// After how many decisions an execution that has not ended goes on under a fair schedule, up to the limit: every
    /// runnable in turn, and the clock now and then. `None`, as where nothing is said, stands for three quarters of the limit.
    pub fn be_fair_after(&mut self, decisions: Option<usize>) -> &mut Self {
        self.fair_after = decisions;
        self
    }

    pub(crate) fn drain_at_most(&mut self, polls: Option<usize>) -> &mut Self {
        self.drain_limit = polls;
        self
    }

    /// How many calls in flight an execution may have dropped.
    pub fn allow_drops(&mut self, drops: u32) -> &mut Self {
        self.drops = drops;
        self
    }

    /// How long, in real time, to wait for a wake-up from another thread before a deadlock is declared.
    pub fn wait_for_outside(&mut self, patience: Duration) -> &mut Self {
        self.wait_for_outside = patience;
        self
    }

    /// How long, in real time, to wait for a wake-up from another thread before the clock moves: virtual time would run away
    /// from a thread that answers in real time.
    pub(crate) fn wait_before_the_clock(&mut self, grace: Duration) -> &mut Self {
        self.grace = grace;
        self
    }

    /// Waits for wake-ups from other threads before the next moves of the clock, so many, to find out whether there are any.
    pub(crate) fn probe_for_threads(&mut self, moves: u32) {
        self.probes = moves;
    }

    /// How long to wait for other threads before the move of the clock that is due.
    pub(crate) fn take_grace(&mut self) -> Duration {
        if self.probes == 0 {
            return self.grace;
        }
        self.probes -= 1;
        self.grace.max(PROBE)
    }

    /// Whether threads outside of the schedule are waited for before the clock moves.
    pub(crate) fn waits_for_threads(&self) -> bool {
        !self.grace.is_zero()
    }

    /// Whether threads outside of the schedule are known to wake actors.
    pub(crate) fn has_heard_threads(&self) -> bool {
        self.waits_for_threads() || self.outside.is_any()
    }

    /// The names of the threads outside of the schedule that have woken actors since the last call.
    pub(crate) fn take_outside(&self) -> std::collections::BTreeSet<String> {
        self.outside.take()
    }

    /// Whether executions have a `LocalSet`, for code that calls `tokio::task::spawn_local`. The local tasks are one more
    /// runtime of the schedule, the last.
    pub fn with_local_tasks(&mut self, local: bool) -> &mut Self {
        self.local = local;
        self
    }

    /// Has the runtimes of a [`session`](Self::session) work with real sockets, on the virtual clock. They are looked at after every decision;
    /// before the clock moves, until nothing has come for `outside`, in real time: zero where all peers are in this process.
    pub fn with_sockets(&mut self, outside: Duration) -> &mut Self {
        self.sockets = Some(Sockets::new(outside));
        self.spare = None;
        self
    }

    pub(crate) fn has_sockets(&self) -> bool {
        self.sockets.is_some()
    }

    /// Whether peers outside of the process are waited for.
    pub(crate) fn has_peers_outside(&self) -> bool {
        self.sockets.is_some_and(Sockets::has_peers_outside)
    }

    /// How long, in real time, a [`real_session`](Self::real_session) waits for the outside before it is a deadlock, and a
    /// clock that stands still for a blocking task; 5 s where nothing is said.
    pub fn be_patient(&mut self, patience: Duration) -> &mut Self {
        self.patience = patience;
        self
    }

    pub(crate) fn fair_after(&self) -> usize {
        self.fair_after.unwrap_or(self.step_limit - self.step_limit / 4)
    }

    /// Lets another thread see how the search goes.
    pub(crate) fn show_progress(&mut self, progress: Arc<Progress>) -> &mut Self {
        #[cfg(feature = "postgres")]
        progress.carried_out_here();
        self.progress = Some(progress);
        self
    }

    /// Notes the steps of the next execution, which repeats the one of `before` where there is one.
    pub(crate) fn note_steps(&mut self, before: Option<&Notebook>) -> Arc<Notebook> {
        let notes = Notebook::new(self.has_sockets(), before);
        self.notes = Some(Arc::clone(&notes));
        notes
    }

    /// The number of the decision that is being carried out, from 1; 0 before the first.
    #[must_use]
    pub fn now(&self) -> Arc<AtomicU32> {
        Arc::clone(&self.now)
    }
}

impl Default for Driver {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver")
            .field("step_limit", &self.step_limit)
            .field("drops", &self.drops)
            .finish_non_exhaustive()
    }
}
