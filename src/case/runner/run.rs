use std::sync::Arc;
use std::thread::{self, JoinHandle};

use super::body::{Body, PendingTearDown};
use super::work::Work;
use crate::case::phases::{GivenUp, REPORTS_THREAD_ENDS, Reason, Watched};
use crate::case::process::{panic_attribution, process_exit, signals};
use crate::case::reporting;
use crate::case::returned::Failed;
use crate::case::state::{CaseState, RunSettings, Test, running_tests};
use crate::current::{self, CurrentTest};
use crate::logs;
use crate::panics::attempt;
use crate::report::{Problem, TestPhase};

/// Runs a test, on a thread of its own that this one watches.
///
/// # Errors
///
/// What is printed of it, where it failed.
pub fn run(meta: &'static Test, body: Body) -> Result<(), Failed> {
    let settings = RunSettings::of(meta).map_err(|error| Failed(error.to_string()))?;
    let timeout = settings.timeout;
    let state = CaseState::new(meta, CurrentTest::new(meta.module, meta.name), settings.seed);
    panic_attribution::install();
    signals::wait_if_ending();
    state.environment.enter();
    let running = running_tests::enter(&state);
    let tear_down = Arc::new(PendingTearDown::default());
    let mut rounds = 0;
    let mut has_exited = false;
    let mut thread = start(&state, {
        let tear_down = Arc::clone(&tear_down);
        move |state, worker| Work::run_test(state, worker, timeout, tear_down, body)
    });
    loop {
        match state.watch.watch() {
            Watched::Over => {
                // So that nothing of the test runs any more; a worker that was given up is not waited for.
                wait_for_thread(&state, thread);
                // A destructor has registered a clean-up, or the harness has panicked.
                rounds += 1;
                if rounds > MAX_ROUNDS || !(tear_down.is_some() || state.cleanups.are_left()) {
                    break;
                }
                state.watch.again();
            }
            Watched::Blocked { phase, reason } => {
                let problem = match reason {
                    Reason::TimedOut(limit) => Problem::Blocked {
                        limit,
                        alive: state.activity.tasks.leftovers(),
                    },
                    Reason::Interrupted(interruption) => Problem::Interrupted(interruption),
                };
                state.findings.add(phase, problem);
                state.findings.add_undone(phase);
            }
            Watched::Exited { phase } => {
                let phase = phase.unwrap_or(TestPhase::Ending);
                state.findings.add(phase, Problem::Exited);
                state.findings.add_undone(phase);
                has_exited = true;
            }
        }
        let tear_down = Arc::clone(&tear_down);
        thread = start(&state, move |state, worker| {
            Work::run_remaining_cleanups(state, worker, timeout, tear_down)
        });
    }
    close(&state);
    let failed = reporting::verdict(&state, &settings);
    if has_exited || state.watch.interrupted().is_some() {
        signals::report_and_wait(&state.findings, &failed);
    }
    drop(running);
    failed
}

/// The most rounds of clean-ups after the test: a destructor may register another without end.
const MAX_ROUNDS: usize = 8;

/// Waits for the end of a worker's thread, its thread-locals included.
fn wait_for_thread(state: &CaseState, thread: JoinHandle<()>) {
    // Where the end of a thread is not reported, the wait has no limit.
    if REPORTS_THREAD_ENDS && let Err(time) = state.watch.wait_for_thread(state.watch.worker()) {
        state.findings.add(TestPhase::Ending, Problem::ThreadStays(time));
        return;
    }
    // Where it panicked, that has been noted.
    drop(thread.join());
}

/// Starts a thread with the name of this one: runners and snapshot tests identify a test by its thread's name.
fn start(
    state: &Arc<CaseState>,
    work: impl FnOnce(Arc<CaseState>, u64) -> Result<(), GivenUp> + Send + 'static,
) -> JoinHandle<()> {
    let worker = state.watch.worker();
    let state = Arc::clone(state);
    let name = match thread::current().name() {
        Some("main") | None => state.test.path().to_owned(),
        Some(name) => name.to_owned(),
    };
    thread::Builder::new()
        .name(name)
        .spawn(move || {
            process_exit::report_end(&state.watch, worker);
            process_exit::arm(Arc::downgrade(&state));
            current::adopt(Arc::clone(&state.test));
            logs::listen().stay();
            state.activity.panics.work_here();
            let finish = Finish {
                state: &state,
                worker,
            };
            // A worker that was given up has nothing left to do: another one ends the test.
            drop(work(Arc::clone(&state), worker));
            process_exit::disarm();
            drop(finish);
        })
        .expect("the operating system has resources for one more thread")
}

/// Reports that the work is done, also where the harness itself panicked.
struct Finish<'a> {
    state: &'a CaseState,
    worker: u64,
}

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let what = "the harness panicked, which is a fault of its own: please report it".to_owned();
            self.state.findings.add(TestPhase::Ending, Problem::Harness(what));
            process_exit::disarm();
        }
        self.state.watch.finish(self.worker);
    }
}

/// Restores what belongs to the process.
fn close(state: &CaseState) {
    for cleanup in state.cleanups.close() {
        state
            .findings
            .add(TestPhase::Cleanup(cleanup.at), Problem::NotRun);
        if attempt(|| drop(cleanup)).is_err() {
            // The test fails already, since the clean-up was not run.
        }
    }
    state.environment.restore(state.test.path());
    if let Err(error) = state.resources.folder.remove() {
        let what = format!("the test's folder could not be removed: {error}");
        state.findings.add(TestPhase::Ending, Problem::Harness(what));
    }
}
