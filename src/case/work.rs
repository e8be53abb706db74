//! What the thread does that a test runs on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use super::body::{Body, Call, Local, Staged, TearDown};
use super::cleanups::Cleanup;
use super::core::Core;
use super::finding::{Cleaned, CleanedWhat, What};
use super::guarded::{Ended, caught, guarded};
use super::outcome::{Outcome, Said};
use super::phase::Phase;
use super::said::{failure_of, messages};
use super::settle::{self, SHUTDOWN};
use super::stop::Reason;
use super::watch::GivenUp;
use super::{Case, CaseResult, interrupt, threads};
use crate::panics::{Panic, attempt};

/// One thread that works for a test, until it is done or has been given up.
pub(super) struct Work {
    core: Arc<Core>,
    worker: u64,
    runtime: Runtime,
    /// The runtime's threads that are alive.
    threads: Arc<AtomicUsize>,
}

impl Work {
    /// The whole test.
    pub(super) fn test(core: Arc<Core>, worker: u64, body: Body) -> Result<(), GivenUp> {
        let threads = Arc::default();
        let runtime = match threads::runtime(&core, &threads) {
            Ok(runtime) => runtime,
            Err(error) => {
                core.found(
                    Phase::SetUp,
                    What::Harness(format!("no runtime could be built: {error}")),
                );
                return Ok(());
            }
        };
        let work = Self {
            core,
            worker,
            runtime,
            threads,
        };
        work.runtime.block_on(async { work.core.clock.begin() });
        let case = Case::of(&work.core);
        let mut staged = body.stage();
        work.stages(&case, &mut *staged)?;
        let work = work.settle(&case, staged)?;
        work.shut_down();
        Ok(())
    }

    /// What is left to clean up when the test's own thread is blocked, or gone.
    pub(super) fn relieve(core: Arc<Core>, worker: u64) -> Result<(), GivenUp> {
        let threads = Arc::default();
        match threads::relief(&core, &threads) {
            Ok(runtime) => {
                let work = Self {
                    core,
                    worker,
                    runtime,
                    threads,
                };
                work.clean_up(&Case::of(&work.core))?;
                work.core
                    .watch
                    .begin(work.worker, Phase::Settling, Some(settle::LIMIT))?;
                work.shut_down();
            }
            Err(error) => {
                let what = format!("no runtime could be built for the clean-ups: {error}");
                core.found(Phase::Settling, What::Harness(what));
            }
        }
        Ok(())
    }

    fn stages(&self, case: &Case, staged: &mut dyn Staged) -> Result<(), GivenUp> {
        if let Some(name) = staged.fixture() {
            interrupt::watch();
            let (ended, in_time) = self.phase(Phase::SetUp, self.core.timeout, staged.set_up(case))?;
            let is_set_up = self.went_well(Phase::SetUp, ended);
            self.core.cleanups.end_set_up();
            if !is_set_up {
                return self.clean_up(case);
            }
            self.core.fixture.get_or_init(|| name);
            if !in_time {
                self.core.is_to_be_torn_down(staged.give_back());
                return self.clean_up(case);
            }
        }
        self.body(case, staged)?;
        self.core.is_to_be_torn_down(staged.give_back());
        self.clean_up(case)
    }

    fn body(&self, case: &Case, staged: &mut dyn Staged) -> Result<(), GivenUp> {
        let ended = match staged.call(case) {
            Call::Later(body) => self.phase(Phase::Body, self.core.timeout, body)?.0,
            Call::Now(body) => {
                let stop = self
                    .core
                    .watch
                    .begin(self.worker, Phase::Body, self.core.timeout)?;
                let begun = Instant::now();
                let ended = if let Some(reason) = stop.reason() {
                    Ended::Stopped(reason, None)
                } else {
                    let _runtime = self.runtime.enter();
                    caught(&self.core, body).map_or_else(Ended::Panicked, Ended::Done)
                };
                self.core.panics.keep_hook();
                self.end(Phase::Body, begun, &ended)?;
                ended
            }
        };
        self.core.tasks.leave(self.core.tasks_alive());
        match ended {
            Ended::Done(Outcome(Ok(()))) => {}
            Ended::Done(Outcome(Err(Said { error, text, message }))) => {
                // What its text panics with is no word of it.
                let said = attempt(|| messages(&*error, message, &text)).unwrap_or_default();
                self.core.said.get_or_init(|| said);
                let failure = attempt(|| failure_of(error));
                let text = match &failure {
                    Ok(_) => text,
                    Err(panic) => format!("{text} (it panicked when it was dropped: {panic})"),
                };
                let failure = failure.ok().flatten();
                self.core.found(Phase::Body, What::Error(text, failure));
            }
            Ended::Panicked(panic) => self.core.found(Phase::Body, What::Panicked(panic)),
            Ended::Stopped(reason, panic) => self.stopped(Phase::Body, reason, panic),
        }
        Ok(())
    }

    /// Runs the clean-ups, the last first, and the tear-down between those of the body and those of the set-up.
    fn clean_up(&self, case: &Case) -> Result<(), GivenUp> {
        while let Some(cleanup) = self.core.cleanups.pop_of_body() {
            self.run_cleanup(cleanup)?;
        }
        if let Some(TearDown { fixture, work }) = self.core.take_tear_down() {
            let tear_down = Box::pin(async move { work(case).await });
            let (ended, in_time) = self.phase(Phase::TearDown, self.core.timeout, tear_down)?;
            let well = self.went_well(Phase::TearDown, ended) && in_time;
            self.core.cleaned(Cleaned {
                what: CleanedWhat::TearDown(fixture),
                well,
            });
        }
        while let Some(cleanup) = self.core.cleanups.pop() {
            self.run_cleanup(cleanup)?;
        }
        Ok(())
    }

    fn run_cleanup(&self, cleanup: Cleanup) -> Result<(), GivenUp> {
        let phase = Phase::Cleanup(cleanup.at);
        let (ended, in_time) = self.phase(phase, Some(cleanup.within), cleanup.work)?;
        let well = self.went_well(phase, ended) && in_time;
        self.core.cleaned(Cleaned {
            what: CleanedWhat::Registered(cleanup.at),
            well,
        });
        Ok(())
    }

    /// Runs a phase; how it ended, and whether that was in time.
    fn phase<T>(
        &self,
        phase: Phase,
        limit: Option<Duration>,
        work: Local<'_, T>,
    ) -> Result<(Ended<T>, bool), GivenUp> {
        let stop = self.core.watch.begin(self.worker, phase, limit)?;
        let begun = Instant::now();
        // What tokio does not catch of a task, as the destructor of its panic's payload, comes up here.
        let ended = caught(&self.core, || {
            self.runtime.block_on(guarded(&self.core, &stop, work))
        })
        .unwrap_or_else(Ended::Panicked);
        let in_time = self.end(phase, begun, &ended)?;
        Ok((ended, in_time))
    }

    fn end<T>(&self, phase: Phase, begun: Instant, ended: &Ended<T>) -> Result<bool, GivenUp> {
        let late = self.core.watch.end(self.worker)?;
        self.core.took(phase, begun.elapsed());
        match late {
            // Where it was stopped, that says it already.
            Some(late) if !matches!(ended, Ended::Stopped(..)) => {
                self.core.found(phase, What::Late(late));
                Ok(false)
            }
            Some(_) | None => Ok(true),
        }
    }

    fn went_well(&self, phase: Phase, ended: Ended<CaseResult>) -> bool {
        let what = match ended {
            Ended::Done(Ok(())) => return true,
            Ended::Done(Err(error)) => What::Error(format!("{error:?}"), None),
            Ended::Panicked(panic) => What::Panicked(panic),
            Ended::Stopped(reason, panic) => {
                self.stopped(phase, reason, panic);
                return false;
            }
        };
        self.core.found(phase, what);
        false
    }

    fn stopped(&self, phase: Phase, reason: Reason, panic: Option<Panic>) {
        self.core.found(phase, stopped(reason));
        if let Some(panic) = panic {
            self.core.found(phase, What::Panicked(panic));
        }
    }

    /// Waits a little for tasks to end, runs the clean-ups that they register, and notes who is left.
    fn settle(self, case: &Case, staged: Box<dyn Staged>) -> Result<Self, GivenUp> {
        self.core
            .watch
            .begin(self.worker, Phase::Settling, Some(settle::LIMIT))?;
        if let Err(panic) = caught(&self.core, || drop(staged)) {
            self.core.found(Phase::Settling, What::Panicked(panic));
        }
        let census = loop {
            let census = caught(&self.core, || self.runtime.block_on(settle::census(&self.core)));
            if !self.core.cleanups.are_left() {
                break census;
            }
            self.clean_up(case)?;
            self.core
                .watch
                .begin(self.worker, Phase::Settling, Some(settle::LIMIT))?;
        };
        match census {
            Ok(census) if census.alive() > census.allowed => {
                self.core.found(Phase::Settling, What::Tasks(census));
            }
            Ok(_) => {}
            Err(panic) => self.core.found(Phase::Settling, What::Panicked(panic)),
        }
        Ok(self)
    }

    /// Takes the runtime down, which drops what is left of its tasks.
    fn shut_down(self) {
        let Self {
            core,
            runtime,
            threads,
            ..
        } = self;
        if let Err(panic) = caught(&core, || runtime.shutdown_timeout(SHUTDOWN)) {
            core.found(Phase::Settling, What::Panicked(panic));
        }
        let threads = threads.load(Ordering::Relaxed);
        if threads > 0 {
            core.found(Phase::Settling, What::Threads(threads));
        }
    }
}

fn stopped(reason: Reason) -> What {
    match reason {
        Reason::TimedOut(limit) => What::TimedOut(limit),
        Reason::Interrupted(signal) => What::Interrupted(signal),
    }
}
