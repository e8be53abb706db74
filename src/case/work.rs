//! What the thread does that a test runs on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use super::body::{Body, Call, Local, Staged};
use super::cleanups::DEADLINE;
use super::core::Core;
use super::finding::{Cleaned, CleanedWhat, What};
use super::guarded::{Ended, caught, guarded};
use super::outcome::{Outcome, Said};
use super::phase::Phase;
use super::said::{failure_of, messages};
use super::stop::Reason;
use super::watch::GivenUp;
use super::{Case, CaseResult, interrupt, settle, threads};
use crate::panics::Panic;

/// One thread that works for a test, until it is done or has been given up.
pub(super) struct Work {
    core: Arc<Core>,
    worker: u64,
    runtime: Runtime,
}

impl Work {
    /// The whole test.
    pub(super) fn test(core: Arc<Core>, worker: u64, body: Body) -> Result<(), GivenUp> {
        let runtime = match threads::runtime(&core) {
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
        };
        work.runtime.block_on(async { work.core.clock.begin() });
        let case = Case::of(&work.core);
        let mut staged = body.stage();
        work.stages(&case, &mut *staged)?;
        drop(staged);
        settle::settle(&work.core, work.runtime, |phase, limit| {
            work.core.watch.begin(work.worker, phase, limit).map(drop)
        })
    }

    /// The clean-ups that are left when the test's own thread is blocked.
    pub(super) fn relieve(core: Arc<Core>, worker: u64) -> Result<(), GivenUp> {
        match threads::relief() {
            Ok(runtime) => Self {
                core,
                worker,
                runtime,
            }
            .clean_up(0),
            Err(error) => {
                let what = format!("no runtime could be built for the clean-ups: {error}");
                core.found(Phase::Settling, What::Harness(what));
                Ok(())
            }
        }
    }

    fn stages(&self, case: &Case, staged: &mut dyn Staged) -> Result<(), GivenUp> {
        let fixture = staged.fixture();
        if let Some(name) = fixture {
            interrupt::watch();
            let ended = self.phase(Phase::SetUp, self.core.timeout, staged.set_up(case))?;
            if !self.went_well(Phase::SetUp, ended) {
                return self.clean_up(0);
            }
            self.core.fixture.get_or_init(|| name);
        }
        let registered_by_set_up = self.core.cleanups.len();
        self.body(case, staged)?;
        self.clean_up(registered_by_set_up)?;
        if let Some(fixture) = fixture {
            let limit = self.core.timeout.map(|timeout| timeout.max(DEADLINE));
            let ended = self.phase(Phase::TearDown, limit, staged.tear_down(case))?;
            let well = self.went_well(Phase::TearDown, ended);
            self.core.cleaned(Cleaned {
                what: CleanedWhat::TearDown(fixture),
                well,
            });
        }
        self.clean_up(0)
    }

    fn body(&self, case: &Case, staged: &mut dyn Staged) -> Result<(), GivenUp> {
        let ended = match staged.call(case) {
            Call::Later(body) => self.phase(Phase::Body, self.core.timeout, body)?,
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
                self.core.watch.end(self.worker)?;
                self.core.took(Phase::Body, begun.elapsed());
                ended
            }
        };
        self.core.tasks.leave(self.core.tasks_alive());
        match ended {
            Ended::Done(Outcome(Ok(()))) => {}
            Ended::Done(Outcome(Err(Said { error, text, message }))) => {
                let said = messages(&*error, message, &text);
                self.core.said.get_or_init(|| said);
                self.core.found(Phase::Body, What::Error(text, failure_of(error)));
            }
            Ended::Panicked(panic) => self.core.found(Phase::Body, What::Panicked(panic)),
            Ended::Stopped(reason, panic) => self.stopped(Phase::Body, reason, panic),
        }
        Ok(())
    }

    /// Runs the clean-ups, the last first, as long as there are more than `keep`.
    fn clean_up(&self, keep: usize) -> Result<(), GivenUp> {
        while let Some(cleanup) = self.core.cleanups.pop_down_to(keep) {
            let phase = Phase::Cleanup(cleanup.at);
            let ended = self.phase(phase, Some(cleanup.within), cleanup.work)?;
            let well = self.went_well(phase, ended);
            self.core.cleaned(Cleaned {
                what: CleanedWhat::Registered(cleanup.at),
                well,
            });
        }
        Ok(())
    }

    fn phase<T>(
        &self,
        phase: Phase,
        limit: Option<Duration>,
        work: Local<'_, T>,
    ) -> Result<Ended<T>, GivenUp> {
        let stop = self.core.watch.begin(self.worker, phase, limit)?;
        let begun = Instant::now();
        let ended = self.runtime.block_on(guarded(&self.core, &stop, work));
        self.core.watch.end(self.worker)?;
        self.core.took(phase, begun.elapsed());
        Ok(ended)
    }

    fn went_well(&self, phase: Phase, ended: Ended<CaseResult>) -> bool {
        let what = match ended {
            Ended::Done(Ok(())) => return true,
            Ended::Done(Err(error)) => What::Error(error.to_string(), None),
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
}

fn stopped(reason: Reason) -> What {
    match reason {
        Reason::TimedOut(limit) => What::TimedOut(limit),
        Reason::Interrupted(signal) => What::Interrupted(signal),
    }
}
