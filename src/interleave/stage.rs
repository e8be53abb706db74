use std::fmt;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::cell::{Cell, Queue};
use super::clock::{Clock, Moved};
use super::execution::Execution;
use super::real;
use super::runtimes::Runtimes;
use super::strategies::Serial;
use super::wakes::Wakes;
use super::{Actor, Driver, Ending, FutureActor, Panic, Quiet, Run, Strategy};

/// What one execution has for itself: its runtimes and its clock. What is built, run and dropped in an execution is
/// built, run and dropped on its stage.
pub struct Stage<'d> {
    pub(super) driver: &'d mut Driver,
    pub(super) runtimes: Runtimes,
    pub(super) clock: Clock,
}

impl<'d> Stage<'d> {
    pub(crate) fn new(driver: &'d mut Driver, runtimes: Runtimes) -> Self {
        Self {
            clock: Clock::new(driver.patience),
            driver,
            runtimes,
        }
    }

    /// Runs one future to its end with nobody beside it, as to build the system under test. The tasks that it leaves
    /// behind stay on the stage.
    ///
    /// # Errors
    ///
    /// How it ended, where that was not by finishing.
    pub fn alone<F: Future>(&mut self, future: F) -> Result<F::Output, Ending> {
        let mut output = None;
        let actor = FutureActor::new(async { output = Some(future.await) });
        let mut actors = [actor];
        let run = self.run(&mut actors, &mut Serial);
        self.within(|| drop(actors))
            .map_err(|panic| Ending::Panicked { actor: 0, panic })?;
        output.ok_or(run.ending)
    }

    /// Runs the actors, in the order that the strategy decides, until all have ended or nothing more can happen.
    pub fn run<A: Actor>(&mut self, actors: &mut [A], strategy: &mut dyn Strategy) -> Run {
        let quiet = Quiet::begin();
        self.driver.now.store(0, Ordering::Relaxed);
        let home = self.runtimes.first().handle().clone();
        let _home = home.enter();
        let mut execution = Execution::new(self, actors, &quiet);
        let ending = loop {
            if let Some(ending) = execution.step(strategy) {
                break ending;
            }
        };
        let run = execution.into_run(ending);
        strategy.end(&run);
        run
    }

    /// Runs `f` inside the system's runtime, as to drop what was built there.
    ///
    /// # Errors
    ///
    /// The panic, where `f` panicked.
    pub fn within<R>(&self, f: impl FnOnce() -> R) -> Result<R, Panic> {
        let quiet = Quiet::begin();
        let _guard = self.runtimes.first().runtime().enter();
        quiet.catch(f)
    }

    /// Lets spawned tasks go on until none can without the clock, and returns their panics. At most as many polls as
    /// the driver's step limit.
    pub fn drain(&mut self) -> Vec<Panic> {
        let quiet = Quiet::begin();
        let mut left = self.driver.step_limit;
        if self.runtimes.first().is_real {
            while left > 0 && self.tasks() > 0 {
                left = left.saturating_sub(100);
                real::turn(self.runtimes.first());
            }
            return quiet.take();
        }
        loop {
            let mut ran = false;
            for (_, cell) in self.runtimes.all() {
                while left > 0 && cell.look() != Queue::Empty && cell.step() {
                    ran = true;
                    left -= 1;
                }
            }
            if !ran {
                return quiet.take();
            }
        }
    }

    /// Lets spawned tasks go on with the clock too, until none is left, for at most this long in virtual time and this
    /// many moves of the clock. Returns their panics.
    pub fn settle(&mut self, within: Duration, most: usize) -> Vec<Panic> {
        let mut panics = self.drain();
        if self.tasks() == 0 || self.runtimes.first().is_real {
            return panics;
        }
        let nobody = Wakes::new(0);
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
            panics.extend(self.drain());
        }
        self.clock.restart();
        panics
    }

    /// Whether code under test has handed work to threads, as `spawn_blocking` does. When they are done no schedule decides.
    #[must_use]
    pub fn has_used_threads(&self) -> bool {
        self.runtimes.cells.iter().flatten().any(Cell::blocks)
    }

    /// How many spawned tasks are alive.
    #[must_use]
    pub fn tasks(&self) -> usize {
        self.runtimes.tasks()
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        let quiet = Quiet::begin();
        for (index, cell) in self.runtimes.cells.drain(..).enumerate() {
            let Some(mut cell) = cell else { continue };
            if index == 0 && cell.look() == Queue::Empty && cell.is_fresh() {
                self.driver.spare = Some(cell);
                continue;
            }
            // A task's destructor that panics here has had every chance to be seen before; tokio catches it.
            drop(quiet.catch(|| cell.shut_down()));
        }
    }
}

impl fmt::Debug for Stage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage")
            .field("layout", &self.runtimes.layout)
            .field("tasks", &self.tasks())
            .finish_non_exhaustive()
    }
}
