use std::fmt;
#[cfg(feature = "postgres")]
use std::thread;
use std::time::Duration;
#[cfg(feature = "postgres")]
use std::time::Instant;

use super::runtime::clock::{Clock, Moved};
use super::runtime::local::Local;
use super::runtime::outside::Deciding;
use super::runtime::ready_set::ReadySet;
use super::runtime::real;
use super::runtime::runtimes::Runtimes;
use super::runtime::stepped_runtime::{Queue, SteppedRuntime};
use super::sockets::{LOOKS, STALL};
use super::strategies::Serial;
use super::{Driver, Ending, FutureActor, Panic, Quiet, RuntimeTopology};

/// How fast the clock goes at first, and how often each runtime polls a task between two of its ticks, where a task never rests.
const LINGER_TICK: Duration = Duration::from_millis(1);
const LINGER_POLLS: usize = 8;

/// How long to sleep between two looks at what comes in real time.
#[cfg(feature = "postgres")]
const TURN: Duration = Duration::from_millis(1);

/// What one execution has for itself: its runtimes and its clock. What is built, run and dropped in an execution is
/// built, run and dropped on its session.
pub struct Session<'d> {
    pub(super) driver: &'d mut Driver,
    pub(super) runtimes: Runtimes,
    pub(super) clock: Clock,
    /// The tasks of `spawn_local`, where there may be some.
    pub(super) local: Option<Local>,
    /// Some task went on without waiting for anything until it was left.
    restless: bool,
    /// What is dropped on the session, as the guard of somebody in a deadlock, wakes others from this thread, too. Dropped
    /// last, after the runtimes and their tasks.
    _deciding: Deciding,
}

impl Driver {
    /// Opens the session for one execution: fresh runtimes, and a clock that shows zero.
    pub fn session(&mut self, topology: RuntimeTopology) -> Session<'_> {
        let has_sockets = self.sockets.is_some();
        let mut first = self
            .spare
            .take()
            .unwrap_or_else(|| SteppedRuntime::new(has_sockets));
        if topology != RuntimeTopology::One {
            first.leave_room();
        }
        if let Some(progress) = &self.progress {
            progress.begin();
        }
        Session::new(self, Runtimes::new(topology, first))
    }

    /// Opens a session on which time is real and sockets work. Wake-ups decide which actors can go, the strategy
    /// chooses among those; spawned tasks run as they come. The same decisions need not lead to the same execution.
    ///
    /// # Panics
    ///
    /// Where the operating system has no resources for a runtime with sockets.
    pub fn real_session(&mut self) -> Session<'_> {
        if let Some(progress) = &self.progress {
            progress.begin();
        }
        Session::new(self, Runtimes::new(RuntimeTopology::One, SteppedRuntime::real()))
    }
}

impl<'d> Session<'d> {
    pub(crate) fn new(driver: &'d mut Driver, runtimes: Runtimes) -> Self {
        Self {
            clock: Clock::new(driver.patience),
            local: driver.local.then(|| {
                let _guard = runtimes.first().inner().enter();
                Local::new()
            }),
            driver,
            runtimes,
            restless: false,
            _deciding: Deciding::begin(),
        }
    }

    /// Runs one future to its end with nobody beside it, as to build the system under test. The tasks that it leaves
    /// behind stay on the session.
    ///
    /// # Errors
    ///
    /// How it ended, where that was not by finishing.
    pub fn alone<F: Future>(&mut self, future: F) -> Result<F::Output, Ending> {
        let mut output = None;
        let actor = FutureActor::new(async { output = Some(future.await) });
        let mut actors = [actor];
        let patience = self.driver.wait_for_outside;
        if self.driver.has_peers_outside() {
            // Nobody runs it again to find out whether a peer stalls.
            self.driver.wait_for_outside = patience.max(STALL);
        }
        let run = self.run_noted(&mut actors, &mut Serial, true);
        self.driver.wait_for_outside = patience;
        self.within(|| drop(actors))
            .map_err(|panic| Ending::Panicked { actor: 0, panic })?;
        output.ok_or(run.ending)
    }

    /// Runs `f` inside the system's runtime, as to drop what was built there.
    ///
    /// # Errors
    ///
    /// The panic, where `f` panicked.
    pub fn within<R>(&self, f: impl FnOnce() -> R) -> Result<R, Panic> {
        let quiet = Quiet::begin();
        let _guard = self.runtimes.first().inner().enter();
        let _local = self.local.as_ref().map(Local::enter);
        quiet.catch(f)
    }

    /// Lets spawned tasks go on until none can without the clock, and returns their panics. At most as many polls as
    /// the driver's step limit; a task that could go on then is called restless.
    pub fn drain(&mut self) -> Vec<Panic> {
        self.drain_listening(LOOKS)
    }

    /// The same, until that many looks at the sockets in a row have brought nothing.
    fn drain_listening(&mut self, looks: u32) -> Vec<Panic> {
        let mut looks_left = looks;
        let quiet = Quiet::begin();
        let mut left = self.driver.drain_limit.unwrap_or(self.driver.step_limit);
        if self.runtimes.first().is_real {
            while left > 0 && self.tasks() > 0 {
                left = left.saturating_sub(100);
                real::turn(self.runtimes.first());
            }
            return quiet.take();
        }
        let mut caught = Vec::new();
        loop {
            let mut ran = false;
            for (_, runtime) in self.runtimes.all() {
                while left > 0 && runtime.look() != Queue::Empty && runtime.step() {
                    ran = true;
                    left -= 1;
                }
            }
            if let Some(local) = self.local.as_mut().filter(|local| local.is_woken())
                && left > 0
            {
                // Their timers stand under the first runtime.
                if let Some(first) = self.runtimes.runtime(0) {
                    first.waits_since = None;
                }
                let _guard = self.runtimes.first().inner().enter();
                quiet
                    .catch(|| local.step())
                    .unwrap_or_else(|panic| caught.push(panic));
                ran = true;
                left -= 1;
            }
            if left == 0 {
                self.restless = true;
            }
            if ran {
                looks_left = looks;
            } else if self.driver.sockets.is_some() && looks_left > 0 {
                looks_left -= 1;
                self.runtimes.look_at_sockets();
                continue;
            }
            if !ran || left == 0 {
                caught.extend(quiet.take());
                return caught;
            }
        }
    }

    /// Lets a system with a restless task go on for a while: a few polls for each tick of the clock, as in the fair end of an
    /// execution.
    fn linger(&mut self, within: Duration) -> Vec<Panic> {
        let quiet = Quiet::begin();
        let end = self.runtimes.first().now() + within;
        let mut tick = LINGER_TICK;
        while self.tasks() > 0 && self.runtimes.first().now() < end {
            self.clock.pass(&mut self.runtimes, tick);
            for _ in 0..LINGER_POLLS {
                for (_, runtime) in self.runtimes.all() {
                    if runtime.look() != Queue::Empty {
                        runtime.step();
                    }
                }
            }
            tick += tick / 4;
        }
        quiet.take()
    }

    /// Whether some task of the system went on without waiting for anything until it was left.
    #[must_use]
    pub fn is_restless(&self) -> bool {
        self.restless
    }

    /// Lets spawned tasks go on with the clock too, until none is left, for at most this long in virtual time and this
    /// many moves of the clock. Returns their panics.
    pub fn settle(&mut self, within: Duration, most: usize) -> Vec<Panic> {
        let mut panics = if self.restless { Vec::new() } else { self.drain() };
        if self.tasks() == 0 || self.runtimes.first().is_real {
            return panics;
        }
        if self.restless {
            panics.extend(self.linger(within));
            self.clock.restart();
            return panics;
        }
        let nobody = ReadySet::new(0);
        let end = self.runtimes.first().now() + within;
        for _ in 0..most {
            if self.tasks() == 0 || self.runtimes.first().now() >= end {
                break;
            }
            let moved = self
                .clock
                .advance(&mut self.runtimes, &nobody, &[], Duration::ZERO);
            if moved != Moved::On {
                break;
            }
            panics.extend(self.drain_listening(1));
        }
        self.clock.restart();
        panics
    }

    /// Lets spawned tasks go on for so long in real time, without the clock, and returns their panics.
    #[cfg(feature = "postgres")]
    pub(crate) fn drain_for(&mut self, time: Duration) -> Vec<Panic> {
        let begun = Instant::now();
        let mut panics = self.drain();
        while begun.elapsed() < time {
            thread::sleep(TURN);
            panics.extend(self.drain_listening(1));
        }
        panics
    }

    /// Whether code under test has handed work to threads, as `spawn_blocking` does. When they are done no schedule decides.
    #[must_use]
    pub fn has_used_threads(&self) -> bool {
        self.runtimes.slots.iter().flatten().any(SteppedRuntime::blocks)
    }

    /// How many spawned tasks are alive.
    #[must_use]
    pub fn tasks(&self) -> usize {
        let local = self.local.as_ref().is_some_and(|local| local.is_alive);
        self.runtimes.tasks() + usize::from(local)
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        let quiet = Quiet::begin();
        if let Some(local) = self.local.take() {
            let _guard = self.runtimes.first().inner().enter();
            drop(quiet.catch(|| drop(local)));
        }
        for (index, runtime) in self.runtimes.slots.drain(..).enumerate() {
            let Some(mut runtime) = runtime else { continue };
            if index == 0 && runtime.look() == Queue::Empty && runtime.is_fresh() {
                self.driver.spare = Some(runtime);
                continue;
            }
            // A task's destructor that panics here has had every chance to be seen before; tokio catches it.
            drop(quiet.catch(|| runtime.shut_down()));
        }
    }
}

impl fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage")
            .field("topology", &self.runtimes.topology)
            .field("tasks", &self.tasks())
            .finish_non_exhaustive()
    }
}
