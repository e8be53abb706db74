//! What the thread does that a test runs on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use super::body::{Body, Call, PendingTearDown, TearDown, TestSteps};
use super::runtime;
use super::stoppable::{Ended, LocalFuture, run_until_stopped};
use super::wait_for_tasks::{LIMIT, SHUTDOWN, wait_for_tasks};
use crate::case::api::Case;
use crate::case::phases::{GivenUp, Reason};
use crate::case::process::signals;
use crate::case::returned::{CaseError, CaseResult, Outcome, ReturnedError, failure_of, messages};
use crate::case::state::{CaseState, Cleanup};
use crate::panics::{Panic, attempt};
use crate::report::{CleanedWhat, Leftovers, Problem, TestPhase};

/// One thread that works for a test, until it is done or has been given up.
pub(super) struct Work {
    state: Arc<CaseState>,
    worker: u64,
    runtime: Runtime,
    /// The runtime's threads that are alive.
    threads: Arc<AtomicUsize>,
    /// The limit of set-up, body and tear-down, each.
    timeout: Option<Duration>,
    tear_down: Arc<PendingTearDown>,
}

impl Work {
    /// Runs the whole test.
    pub(super) fn run_test(
        state: Arc<CaseState>,
        worker: u64,
        timeout: Option<Duration>,
        tear_down: Arc<PendingTearDown>,
        body: Body,
    ) -> Result<(), GivenUp> {
        let threads = Arc::default();
        let runtime = match runtime::of_test(&state, &threads) {
            Ok(runtime) => runtime,
            Err(error) => {
                state.findings.add(
                    TestPhase::SetUp,
                    Problem::Harness(format!("no runtime could be built: {error}")),
                );
                return Ok(());
            }
        };
        let work = Self {
            state,
            worker,
            runtime,
            threads,
            timeout,
            tear_down,
        };
        work.runtime
            .block_on(async { work.state.resources.clock.begin() });
        let case = Case::of(&work.state);
        let mut steps = body.into_steps();
        work.run_steps(&case, &mut *steps)?;
        work.note_leftovers(&case, steps)?;
        work.shut_down();
        Ok(())
    }

    /// Runs what is left to clean up when the test's own thread is blocked, or gone.
    pub(super) fn run_remaining_cleanups(
        state: Arc<CaseState>,
        worker: u64,
        timeout: Option<Duration>,
        tear_down: Arc<PendingTearDown>,
    ) -> Result<(), GivenUp> {
        let threads = Arc::default();
        match runtime::of_cleanups(&state, &threads) {
            Ok(runtime) => {
                let work = Self {
                    state,
                    worker,
                    runtime,
                    threads,
                    timeout,
                    tear_down,
                };
                work.clean_up(&Case::of(&work.state))?;
                work.begin_ending()?;
                work.shut_down();
            }
            Err(error) => {
                let what = format!("no runtime could be built for the clean-ups: {error}");
                state.findings.add(TestPhase::Ending, Problem::Harness(what));
            }
        }
        Ok(())
    }

    fn run_steps(&self, case: &Case, steps: &mut dyn TestSteps) -> Result<(), GivenUp> {
        if let Some(name) = steps.fixture() {
            signals::install();
            let (ended, in_time) = self.phase(TestPhase::SetUp, self.timeout, steps.set_up(case))?;
            let is_set_up = self.went_well(TestPhase::SetUp, ended);
            self.state.cleanups.end_set_up();
            if !is_set_up {
                return self.clean_up(case);
            }
            self.state.findings.set_fixture(name);
            if !in_time {
                self.tear_down.set(steps.take_tear_down());
                return self.clean_up(case);
            }
        }
        self.body(case, steps)?;
        self.tear_down.set(steps.take_tear_down());
        self.clean_up(case)
    }

    fn body(&self, case: &Case, steps: &mut dyn TestSteps) -> Result<(), GivenUp> {
        let ended = match steps.call(case) {
            Call::Later(body) => self.phase(TestPhase::Body, self.timeout, body)?.0,
            Call::Now(body) => {
                let stop = self
                    .state
                    .watch
                    .begin(self.worker, TestPhase::Body, self.timeout)?;
                let begun = Instant::now();
                let ended = if let Some(reason) = stop.reason() {
                    Ended::Stopped(reason, None)
                } else {
                    let _runtime = self.runtime.enter();
                    self.state
                        .activity
                        .panics
                        .catch(body)
                        .map_or_else(Ended::Panicked, Ended::Done)
                };
                self.state.activity.panics.keep_hook();
                self.end(TestPhase::Body, begun, &ended)?;
                ended
            }
        };
        self.state.activity.tasks.leave();
        match ended {
            Ended::Done(Outcome(Ok(()))) => {}
            Ended::Done(Outcome(Err(ReturnedError { error, text, message }))) => {
                // A panic of its text is no message of it.
                let own_messages = attempt(|| messages(&*error, message, &text)).unwrap_or_default();
                self.state.notes.error_messages.get_or_init(|| own_messages);
                let has_location = error
                    .downcast_ref::<CaseError>()
                    .is_some_and(|error| error.location().is_some());
                let failure = attempt(|| failure_of(error));
                let text = match &failure {
                    Ok(_) => text,
                    Err(panic) => format!("{text} (it panicked when it was dropped: {panic})"),
                };
                let failure = failure.ok().flatten().map(|failure| failure.into_check());
                self.state.findings.add(
                    TestPhase::Body,
                    Problem::Error {
                        text,
                        failure,
                        has_location,
                    },
                );
            }
            Ended::Panicked(panic) => self.state.findings.add(TestPhase::Body, Problem::Panicked(panic)),
            Ended::Stopped(reason, panic) => self.add_stopped(TestPhase::Body, reason, panic),
        }
        Ok(())
    }

    /// Runs the clean-ups, the last first, and the tear-down between those of the body and those of the set-up.
    fn clean_up(&self, case: &Case) -> Result<(), GivenUp> {
        while let Some(cleanup) = self.state.cleanups.pop_of_body() {
            self.run_cleanup(cleanup)?;
        }
        if let Some(TearDown { fixture, work }) = self.tear_down.take() {
            let tear_down = Box::pin(async move { work(case).await });
            let (ended, in_time) = self.phase(TestPhase::TearDown, self.timeout, tear_down)?;
            let well = self.went_well(TestPhase::TearDown, ended) && in_time;
            self.state
                .findings
                .add_cleaned(CleanedWhat::TearDown(fixture), well);
        }
        while let Some(cleanup) = self.state.cleanups.pop() {
            self.run_cleanup(cleanup)?;
        }
        Ok(())
    }

    fn run_cleanup(&self, cleanup: Cleanup) -> Result<(), GivenUp> {
        let phase = TestPhase::Cleanup(cleanup.at);
        let (ended, in_time) = self.phase(phase, Some(cleanup.within), cleanup.work)?;
        let well = self.went_well(phase, ended) && in_time;
        self.state
            .findings
            .add_cleaned(CleanedWhat::Registered(cleanup.at), well);
        Ok(())
    }

    /// Runs a phase; how it ended, and whether that was in time.
    fn phase<T>(
        &self,
        phase: TestPhase,
        limit: Option<Duration>,
        work: LocalFuture<'_, T>,
    ) -> Result<(Ended<T>, bool), GivenUp> {
        let stop = self.state.watch.begin(self.worker, phase, limit)?;
        let begun = Instant::now();
        // What tokio does not catch of a task, as the destructor of its panic's payload, comes up here.
        let ended = self
            .state
            .activity
            .panics
            .catch(|| {
                self.runtime
                    .block_on(run_until_stopped(&self.state.activity, &stop, work))
            })
            .unwrap_or_else(Ended::Panicked);
        let in_time = self.end(phase, begun, &ended)?;
        Ok((ended, in_time))
    }

    fn end<T>(&self, phase: TestPhase, begun: Instant, ended: &Ended<T>) -> Result<bool, GivenUp> {
        let late = self.state.watch.end(self.worker)?;
        self.state.timing.record(phase, begun.elapsed());
        match late {
            // Where it was stopped, that finding is there already.
            Some(late) if !matches!(ended, Ended::Stopped(..)) => {
                self.state.findings.add(phase, Problem::Late(late));
                Ok(false)
            }
            Some(_) | None => Ok(true),
        }
    }

    fn went_well(&self, phase: TestPhase, ended: Ended<CaseResult>) -> bool {
        let problem = match ended {
            Ended::Done(Ok(())) => return true,
            Ended::Done(Err(error)) => Problem::Error {
                has_location: error.location().is_some(),
                text: format!("{error:?}"),
                failure: None,
            },
            Ended::Panicked(panic) => Problem::Panicked(panic),
            Ended::Stopped(reason, panic) => {
                self.add_stopped(phase, reason, panic);
                return false;
            }
        };
        self.state.findings.add(phase, problem);
        false
    }

    fn add_stopped(&self, phase: TestPhase, reason: Reason, panic: Option<Panic>) {
        let problem = match reason {
            Reason::TimedOut(limit) => Problem::TimedOut {
                limit,
                alive: self.state.activity.tasks.leftovers(),
            },
            Reason::Interrupted(interruption) => Problem::Interrupted(interruption),
        };
        self.state.findings.add(phase, problem);
        if let Some(panic) = panic {
            self.state.findings.add(phase, Problem::Panicked(panic));
        }
    }

    /// Drops the body, waits for its tasks, and notes those that are alive then.
    fn note_leftovers(&self, case: &Case, steps: Box<dyn TestSteps>) -> Result<(), GivenUp> {
        let findings = &self.state.findings;
        self.begin_ending()?;
        if let Err(panic) = self.state.activity.panics.catch(|| drop(steps)) {
            findings.add(TestPhase::Ending, Problem::Panicked(panic));
        }
        let leftovers = loop {
            let leftovers = self.wait_for_tasks();
            if !self.state.cleanups.are_left() {
                break leftovers;
            }
            self.clean_up(case)?;
            self.begin_ending()?;
        };
        match leftovers {
            Ok(leftovers) if leftovers.alive() > leftovers.allowed => {
                findings.add(TestPhase::Ending, Problem::Tasks(leftovers));
            }
            Ok(_) => {}
            Err(panic) => findings.add(TestPhase::Ending, Problem::Panicked(panic)),
        }
        Ok(())
    }

    fn begin_ending(&self) -> Result<(), GivenUp> {
        self.state
            .watch
            .begin(self.worker, TestPhase::Ending, Some(LIMIT))?;
        Ok(())
    }

    /// Waits a little for tasks to end, or for one to register a clean-up; the tasks that are alive then.
    fn wait_for_tasks(&self) -> Result<Leftovers, Panic> {
        let state = &self.state;
        let tasks = &state.activity.tasks;
        state.activity.panics.catch(|| {
            let wait = wait_for_tasks(tasks, &state.cleanups, &state.resources.clock);
            self.runtime.block_on(wait)
        })
    }

    /// Shuts the runtime down, which drops the tasks that are left.
    fn shut_down(self) {
        let Self {
            state,
            runtime,
            threads,
            ..
        } = self;
        if let Err(panic) = state.activity.panics.catch(|| runtime.shutdown_timeout(SHUTDOWN)) {
            state.findings.add(TestPhase::Ending, Problem::Panicked(panic));
        }
        let threads = threads.load(Ordering::Relaxed);
        if threads > 0 {
            state.findings.add(TestPhase::Ending, Problem::Threads(threads));
        }
    }
}
