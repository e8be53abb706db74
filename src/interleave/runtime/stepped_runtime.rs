use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime, RuntimeMetrics};
use tokio::time::Instant;

use super::outside::{BLOCKING, is_noted};
use super::own_tasks::{Probe, Sentinel};
use super::unpark::Unpark;
use super::witness;

/// How far the first of several runtimes is ahead: in real time, that is how long it may take to make the others.
const ROOM: Duration = Duration::from_secs(1);

/// The finest step of tokio's timers.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// Whether a runtime has a task to poll, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    Empty,
    /// Only trying will tell: tokio does not say how long a runtime's local queue is.
    Unknown,
    Filled,
}

/// What can be read off a runtime.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// How many spawned tasks are alive.
    pub(crate) tasks: usize,
    /// How many wait that were spawned or woken while no task of this runtime ran.
    pub(crate) injected: usize,
    /// Whether it is known that no other waits.
    pub(crate) is_empty: bool,
}

/// A paused current-thread runtime that polls one task at a time.
pub(crate) struct SteppedRuntime {
    runtime: Runtime,
    metrics: RuntimeMetrics,
    pub(super) unpark: Arc<Unpark>,
    blocks: Arc<AtomicBool>,
    sentinel: Option<Arc<Sentinel>>,
    /// Where it has sockets, what lets it look at them; see [`look_at_sockets`](Self::look_at_sockets).
    probe: Option<Probe>,
    pub(crate) queue: Queue,
    /// What this runtime's clock showed when the execution's did zero.
    epoch: Instant,
    /// How far the clock had come when it was looked at or moved last.
    pub(crate) clock: Duration,
    /// Since when nothing was polled under it: its timers have waited at least from then on. `None` where that was after the clock moved
    /// last.
    pub(crate) waits_since: Option<Duration>,
    /// Whether the clock has been moved.
    pub(crate) moved: bool,
    /// Whether the clock moves by itself.
    pub(crate) is_real: bool,
}

impl SteppedRuntime {
    /// A runtime whose clock shows zero, with an I/O driver or without.
    pub(crate) fn new(has_sockets: bool) -> Self {
        let unpark = Arc::new(Unpark::default());
        let hook = Arc::clone(&unpark);
        let blocks = Arc::new(AtomicBool::new(false));
        let started = Arc::clone(&blocks);
        let mut builder = Builder::new_current_thread();
        if has_sockets {
            builder.enable_io();
        }
        let runtime = builder
            .enable_time()
            .start_paused(true)
            .event_interval(1)
            .global_queue_interval(1)
            .on_thread_unpark(move || hook.fire())
            // Tokio asks for a name before it starts a thread, on the thread that hands out the blocking task. A hook
            // that runs on the new thread would be heard too late, after the clock has moved.
            .thread_name_fn(move || {
                started.store(true, Ordering::Relaxed);
                BLOCKING.to_owned()
            })
            .build()
            .expect("the operating system has a file descriptor for the I/O driver; without one, a runtime needs nothing from it");
        let guard = runtime.enter();
        let epoch = Instant::now();
        drop(guard);
        let metrics = runtime.metrics();
        Self {
            runtime,
            metrics,
            unpark,
            blocks,
            sentinel: None,
            probe: has_sockets.then(Probe::default),
            queue: Queue::Empty,
            epoch,
            clock: Duration::ZERO,
            waits_since: None,
            moved: false,
            is_real: false,
        }
    }

    /// Sets the clock ahead while nothing has happened yet, so that runtimes made after this one can catch up with it.
    pub(crate) fn leave_room(&mut self) {
        self.stride(ROOM);
        self.epoch += ROOM;
        self.moved = true;
    }

    /// A runtime whose clock shows what another's does, also as a point in time: users hand one another such points.
    ///
    /// Tokio lets a clock begin when its runtime is made, in real time, and fires timers a whole number of milliseconds
    /// after that: the two clocks agree to the millisecond.
    pub(crate) fn beside(first: &Self) -> Self {
        let now = first.now();
        let mut runtime = Self::new(first.probe.is_some());
        let behind = first.instant(now).saturating_duration_since(runtime.epoch);
        let behind = TICK * u32::try_from(behind.as_nanos().div_ceil(TICK.as_nanos())).unwrap_or(u32::MAX);
        if !behind.is_zero() {
            runtime.stride(behind);
        }
        runtime.epoch = runtime.epoch + behind - now;
        runtime.clock = now;
        runtime
    }

    /// Moves the clock this far, and fires what is due before any task runs: the queue must be known to be empty.
    pub(crate) fn stride(&self, distance: Duration) {
        self.shift(distance);
        self.turn(None);
    }

    /// Moves the clock this far, polls one task where there is one, and fires what is due: tokio looks at its timers only after a
    /// task, or where there is none.
    pub(crate) fn pass(&mut self, distance: Duration) {
        self.shift(distance);
        self.waits_since = None;
        if self.look() == Queue::Empty {
            self.turn(None);
            return;
        }
        let sentinel = Arc::clone(self.sentinel.get_or_insert_default());
        let enqueue = (!sentinel.is_queued()).then_some(&sentinel);
        self.turn(enqueue);
        self.queue = Queue::Unknown;
    }

    fn shift(&self, distance: Duration) {
        {
            let _guard = self.runtime.enter();
            // The clock moves in the first poll; what follows in tokio's function is a yield.
            let moving = pin!(tokio::time::advance(distance));
            let poll = moving.poll(&mut Context::from_waker(Waker::noop()));
            debug_assert!(
                poll.is_pending(),
                "tokio's `advance` yields once after it has moved the clock"
            );
        }
    }

    /// A runtime in real time, with sockets.
    pub(crate) fn real() -> Self {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the operating system has resources for one more current-thread runtime");
        let metrics = runtime.metrics();
        Self {
            runtime,
            metrics,
            unpark: Arc::default(),
            blocks: Arc::default(),
            sentinel: None,
            probe: None,
            queue: Queue::Empty,
            epoch: Instant::now(),
            clock: Duration::ZERO,
            waits_since: None,
            moved: true,
            is_real: true,
        }
    }

    pub(crate) fn inner(&self) -> &Runtime {
        &self.runtime
    }

    pub(crate) fn handle(&self) -> &Handle {
        self.runtime.handle()
    }

    /// How far this runtime's clock has come.
    pub(crate) fn now(&self) -> Duration {
        let _guard = self.runtime.enter();
        Instant::now() - self.epoch
    }

    /// The instant at which this runtime's clock shows `time` of the execution.
    pub(crate) fn instant(&self, time: Duration) -> Instant {
        self.epoch + time
    }

    /// Whether this runtime has ever started a thread, which a current-thread one does for blocking tasks only.
    pub(crate) fn blocks(&self) -> bool {
        self.blocks.load(Ordering::Relaxed)
    }

    /// How many spawned tasks are alive.
    pub(crate) fn tasks(&self) -> usize {
        self.metrics.num_alive_tasks() - self.own_tasks()
    }

    /// How many tasks are alive that are none of the system's.
    fn own_tasks(&self) -> usize {
        usize::from(self.sentinel.is_some()) + usize::from(self.probe.as_ref().is_some_and(Probe::is_spawned))
    }

    /// What can be read off it without doing anything.
    pub(crate) fn reading(&self) -> Reading {
        Reading {
            tasks: self.tasks(),
            injected: self.metrics.global_queue_depth(),
            is_empty: self.queue == Queue::Empty,
        }
    }

    /// Looks at the sockets and polls no task of the system's. What it brings wakes actors at once; of tasks only trying will
    /// tell.
    ///
    /// A runtime with a task that was spawned or woken from outside is left alone: it has something to do anyway, and looks
    /// after that.
    pub(crate) fn look_at_sockets(&mut self) {
        let Some(probe) = &mut self.probe else { return };
        if self.metrics.global_queue_depth() > 0 {
            return;
        }
        if self.metrics.num_alive_tasks() > 0 {
            // Tokio takes it before any other task, and looks at its sockets after each.
            probe.enqueue(&self.runtime);
        }
        self.turn(None);
        if self.tasks() > 0 {
            self.queue = Queue::Unknown;
        }
    }

    /// Looks at what can be seen from outside.
    pub(crate) fn look(&mut self) -> Queue {
        if self.is_real {
            return Queue::Empty;
        }
        // What is spawned or woken while no task of this runtime runs goes through the injection queue.
        if self.metrics.global_queue_depth() > 0 {
            self.queue = Queue::Filled;
        } else if self.queue == Queue::Unknown && self.tasks() == 0 {
            self.queue = Queue::Empty;
        }
        self.queue
    }

    /// Polls one task. False where there was none.
    pub(crate) fn step(&mut self) -> bool {
        if self.metrics.global_queue_depth() > 0 {
            self.turn(None);
            self.queue = Queue::Unknown;
            self.waits_since = None;
            return true;
        }
        let sentinel = Arc::clone(self.sentinel.get_or_insert_default());
        let mut last = !sentinel.is_queued();
        loop {
            let before = sentinel.runs();
            let enqueue = (!sentinel.is_queued()).then_some(&sentinel);
            self.turn(enqueue);
            if sentinel.runs() == before {
                self.queue = Queue::Unknown;
                self.waits_since = None;
                return true;
            }
            if last {
                self.queue = Queue::Empty;
                return false;
            }
            // It had been waiting in the queue since an earlier step; tasks may have come behind it.
            last = true;
        }
    }

    /// Lets the runtime take one task from its queue: with an event interval of 1, a `block_on` whose future wakes
    /// itself once sees just one between its two polls.
    pub(crate) fn turn(&self, enqueue: Option<&Arc<Sentinel>>) {
        let mut polled = false;
        let is_noted = is_noted();
        self.runtime.block_on(poll_fn(|cx| {
            if polled {
                if is_noted {
                    witness::task_ends();
                }
                return Poll::Ready(());
            }
            polled = true;
            if let Some(sentinel) = enqueue {
                sentinel.enqueue();
            }
            cx.waker().wake_by_ref();
            if is_noted {
                witness::task_begins();
            }
            Poll::Pending
        }));
    }

    /// Drops the tasks and lets go of blocking ones, which may never end.
    pub(crate) fn shut_down(self) {
        self.runtime.shutdown_background();
    }

    /// True where nothing of an execution can have stayed in this runtime.
    pub(crate) fn is_fresh(&self) -> bool {
        !self.moved
            && !self.blocks()
            && self.sentinel.is_none()
            && !self.probe.as_ref().is_some_and(Probe::is_spawned)
            && self.metrics.num_alive_tasks() == 0
            && self.queue == Queue::Empty
    }
}
