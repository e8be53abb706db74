use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};

use super::body::Body;
use super::core::Core;
use super::exit;
use super::finding::What;
use super::interrupt;
use super::knobs;
use super::live;
use super::meta::Test;
use super::outcome::Failed;
use super::panics::Panics;
use super::phase::Phase;
use super::stop::Reason;
use super::verdict;
use super::watch::{GivenUp, Watched};
use super::work::Work;
use crate::current::{self, CurrentTest};
use crate::logs;
use crate::panics::attempt;

/// Runs a test, on a thread of its own that this one watches.
///
/// # Errors
///
/// What is printed of it, where it failed.
pub fn run(meta: &'static Test, body: Body) -> Result<(), Failed> {
    let knobs = knobs::Knobs::of(meta).map_err(|error| Failed(error.to_string()))?;
    let core = Core::new(
        meta,
        CurrentTest::new(meta.module, meta.name),
        knobs.timeout,
        knobs.seed,
    );
    Panics::watch();
    interrupt::wait_if_ending();
    core.environment.enter();
    let alive = live::enter(&core);
    let mut reliefs = 0;
    let mut has_exited = false;
    let mut thread = start(&core, |core, worker| Work::test(core, worker, body));
    loop {
        match core.watch.watch() {
            Watched::Over => {
                // So that nothing of the test runs any more; a worker that was given up is not waited for.
                wait_for(&core, thread);
                // A destructor has registered a clean-up, or the harness has panicked.
                reliefs += 1;
                if reliefs > RELIEFS || !core.is_work_left() {
                    break;
                }
                core.watch.again();
            }
            Watched::Blocked { phase, reason } => blocked(&core, phase, reason),
            Watched::Exited { phase } => {
                let phase = phase.unwrap_or(Phase::Settling);
                core.found(phase, What::Exited);
                core.was_blocked(phase);
                has_exited = true;
            }
        }
        thread = start(&core, Work::relieve);
    }
    close(&core);
    let failed = verdict::verdict(&core, &knobs);
    if has_exited || core.watch.interrupted().is_some() {
        interrupt::last_words(&core, &failed);
    }
    drop(alive);
    failed
}

/// How often clean-ups are looked for after all is over: a destructor may register another for ever.
const RELIEFS: usize = 8;

/// Waits for the end of a worker's thread, its thread-locals included.
fn wait_for(core: &Core, thread: JoinHandle<()>) {
    // Where nothing tells that a thread has ended, it is waited for as long as it takes.
    if exit::TELLS_OF_ENDS
        && let Err(time) = core.watch.wait_for_thread(core.watch.worker())
    {
        core.found(Phase::Settling, What::ThreadStays(time));
        return;
    }
    // What it panicked with, where it did, has been noted.
    drop(thread.join());
}

/// Says that what comes next is the body: its fixtures are made.
pub fn begin() {
    if let Some(core) = current::test().and_then(|test| live::find(test.id())) {
        core.begun_body.store(true, Ordering::SeqCst);
    }
}

/// Says that the test takes the panic hook, which is then looked at often.
pub fn takes_hook() {
    if let Some(core) = current::test().and_then(|test| live::find(test.id())) {
        core.panics.takes_hook();
    }
}

/// Says which line of the body comes next.
pub fn at(line: u32) {
    if let Some(core) = current::test().and_then(|test| live::find(test.id())) {
        core.panics.keep_hook();
        core.tasks.reach(line, core.tasks_alive());
        core.metrics.tasks_were_at_least(core.tasks.spawned());
    }
}

/// Starts a thread that is called like this one, as runners and snapshot tests know a test by its thread's name.
fn start(
    core: &Arc<Core>,
    work: impl FnOnce(Arc<Core>, u64) -> Result<(), GivenUp> + Send + 'static,
) -> JoinHandle<()> {
    let worker = core.watch.worker();
    let core = Arc::clone(core);
    let name = match thread::current().name() {
        Some("main") | None => core.test.path().to_owned(),
        Some(name) => name.to_owned(),
    };
    thread::Builder::new()
        .name(name)
        .spawn(move || {
            exit::tell_of_end(&core, worker);
            exit::arm(Arc::downgrade(&core));
            current::adopt(Arc::clone(&core.test));
            logs::listen().stay();
            core.panics.work_here();
            let finish = Finish { core: &core, worker };
            // Who has been given up has nothing left to do; its test is ended by another.
            drop(work(Arc::clone(&core), worker));
            exit::disarm();
            drop(finish);
        })
        .expect("the operating system has resources for one more thread")
}

/// Says that the work is done, also where the harness itself panicked.
struct Finish<'a> {
    core: &'a Core,
    worker: u64,
}

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let what = "the harness panicked, which is a fault of its own: please report it".to_owned();
            self.core.found(Phase::Settling, What::Harness(what));
            exit::disarm();
        }
        self.core.watch.finish(self.worker);
    }
}

fn blocked(core: &Core, phase: Phase, reason: Reason) {
    match reason {
        Reason::TimedOut(limit) => core.found(phase, What::Blocked(limit)),
        Reason::Interrupted(signal) => core.found(phase, What::Interrupted(signal)),
    }
    core.was_blocked(phase);
}

/// Puts back what belongs to the process.
fn close(core: &Core) {
    for cleanup in core.cleanups.close() {
        core.found(Phase::Cleanup(cleanup.at), What::NotRun);
        if attempt(|| drop(cleanup)).is_err() {
            // The test fails by that it was not run.
        }
    }
    core.environment.restore(core.test.path());
    if let Err(error) = core.folder.remove() {
        let what = format!("the test's folder could not be removed: {error}");
        core.found(Phase::Settling, What::Harness(what));
    }
}

/// Writes past the capture of test output, which is lost when the process ends by a signal.
pub(super) fn tell(text: &str) {
    // A standard error that is closed is nobody's reader.
    drop(io::stderr().lock().write_all(text.as_bytes()));
}
