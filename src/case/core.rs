use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use super::body::TearDown;
use super::cleanups::Cleanups;
use super::clock::ClockState;
use super::environment::Environment;
use super::finding::{Cleaned, CleanedWhat, Finding, What};
use super::folder::Folder;
use super::meta::Test;
use super::metrics::Metrics;
use super::panics::Panics;
use super::phase::Phase;
use super::tasks::Tasks;
use super::users::Users;
use super::watch::Watch;
use crate::current::CurrentTest;
use crate::fail_first::Fingerprint;
use crate::logs::Capture;
use crate::settings;

/// What the threads of one running test share.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) meta: &'static Test,
    pub(super) test: Arc<CurrentTest>,
    pub(super) begun: Instant,
    /// How long set-up and body may take, each.
    pub(super) timeout: Option<Duration>,
    /// Whether no other test can be running in this process.
    pub(super) alone: bool,
    pub(super) watch: Watch,
    pub(super) environment: Environment,
    pub(super) cleanups: Cleanups,
    /// What the body has given back, and is to be taken down.
    tear_down: Mutex<Option<TearDown>>,
    pub(super) tasks: Tasks,
    pub(super) panics: Panics,
    pub(super) capture: Capture,
    pub(super) metrics: Metrics,
    pub(super) users: Users,
    pub(super) folder: Folder,
    pub(super) clock: ClockState,
    pub(super) id: OnceLock<String>,
    /// What the error that the body returned says itself: no text of the harness.
    pub(super) said: OnceLock<Vec<String>>,
    /// Whether the body has begun, where its fixtures are made in the same call; there they fail before it.
    pub(super) begun_body: AtomicBool,
    /// What the test proved of both sides by itself.
    pub(super) proof: OnceLock<Fingerprint>,
    /// What was set up, once it has been.
    pub(super) fixture: OnceLock<&'static str>,
    /// The runtime that the test runs on.
    pub(super) runtime: OnceLock<Handle>,
    findings: Mutex<Vec<Finding>>,
    cleaned: Mutex<Vec<Cleaned>>,
    times: Mutex<Vec<(Phase, Duration)>>,
    /// Whether everything has been said that there is to say of it.
    spoken: AtomicBool,
}

impl Core {
    pub(super) fn new(
        meta: &'static Test,
        test: Arc<CurrentTest>,
        timeout: Option<Duration>,
        seed: u64,
    ) -> Arc<Self> {
        let users = Users::new(&test, seed);
        Arc::new(Self {
            meta,
            begun: Instant::now(),
            timeout,
            // Libtest may run plain tests beside, and threads of earlier ones may be left.
            alone: settings::is_nextest(),
            watch: Watch::new(),
            environment: Environment::default(),
            cleanups: Cleanups::default(),
            tear_down: Mutex::default(),
            tasks: Tasks::default(),
            panics: Panics::default(),
            capture: Capture::begin(&test),
            metrics: Metrics::of(users.recorder.clone()),
            users,
            folder: Folder::default(),
            clock: ClockState::new(meta.start_paused),
            id: OnceLock::new(),
            said: OnceLock::new(),
            begun_body: AtomicBool::new(false),
            proof: OnceLock::new(),
            fixture: OnceLock::new(),
            runtime: OnceLock::new(),
            findings: Mutex::default(),
            cleaned: Mutex::default(),
            times: Mutex::default(),
            spoken: AtomicBool::new(false),
            test,
        })
    }

    /// Notes what was wrong. What the body did has the line that it had come to.
    pub(super) fn found(&self, phase: Phase, what: What) {
        let line = (phase == Phase::Body).then(|| self.tasks.line()).flatten();
        let in_fixture = self.meta.fixtures && !self.begun_body.load(Ordering::SeqCst);
        let phase = if phase == Phase::Body && in_fixture {
            Phase::SetUp
        } else {
            phase
        };
        self.findings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Finding { phase, what, line });
    }

    pub(super) fn cleaned(&self, cleaned: Cleaned) {
        self.cleaned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(cleaned);
    }

    /// A phase was given up with its thread: what it was to do has not been done.
    pub(super) fn was_blocked(&self, phase: Phase) {
        let not_done = match phase {
            Phase::Cleanup(at) => Some(CleanedWhat::Registered(at)),
            Phase::TearDown | Phase::Body => self.fixture.get().copied().map(CleanedWhat::TearDown),
            Phase::SetUp | Phase::Settling => None,
        };
        if let Some(what) = not_done {
            if phase == Phase::Body {
                self.found(Phase::TearDown, What::NotDone);
            }
            self.cleaned(Cleaned { what, well: false });
        }
    }

    /// The body is over: somebody is to take this down.
    pub(super) fn is_to_be_torn_down(&self, tear_down: Option<TearDown>) {
        *self.tear_down.lock().unwrap_or_else(PoisonError::into_inner) = tear_down;
    }

    pub(super) fn take_tear_down(&self) -> Option<TearDown> {
        self.tear_down
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Whether there is something that is still to be cleaned up.
    pub(super) fn is_work_left(&self) -> bool {
        let tear_down = self.tear_down.lock().unwrap_or_else(PoisonError::into_inner);
        tear_down.is_some() || self.cleanups.are_left()
    }

    pub(super) fn speak(&self) {
        self.spoken.store(true, Ordering::SeqCst);
    }

    pub(super) fn has_spoken(&self) -> bool {
        self.spoken.load(Ordering::SeqCst)
    }

    pub(super) fn took(&self, phase: Phase, time: Duration) {
        self.times
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((phase, time));
    }

    pub(super) fn take_findings(&self) -> Vec<Finding> {
        std::mem::take(&mut *self.findings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn all_cleaned(&self) -> Vec<Cleaned> {
        self.cleaned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn times(&self) -> Vec<(Phase, Duration)> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many tasks of the test's runtime are alive.
    pub(super) fn tasks_alive(&self) -> usize {
        self.runtime
            .get()
            .map_or(0, |runtime| runtime.metrics().num_alive_tasks())
    }
}
