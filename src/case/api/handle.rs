use std::fmt;
use std::io;
use std::panic::Location;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::env::Env;
use crate::case::process::signals;
use crate::case::reporting::CaseReport;
use crate::case::resources::{self, Clock, ConfigError, Metrics, NeverHeld, Probe};
use crate::case::returned::{CleanedUp, Outcome, Success};
use crate::case::state::{CaseState, Cleanup, DEADLINE, running_tests};
use crate::case::stderr;
use crate::case::tasks::{self, Task};
use crate::logs::Logs;
use crate::trace::{Trace, User};
use crate::{current, logs};

/// A running test, and what the harness gives it: users, clean-ups, tasks, logs, a clock, the environment.
///
/// A test takes it as an argument, `case: &Case`; [`Case::current`] finds it from anywhere within the test. It is
/// cheap to clone, and may be sent along to tasks and threads.
///
/// ```
/// use std::time::Duration;
///
/// use ssot_harness::prelude::*;
///
/// # /*
/// #[ssot_harness::test(timeout = "10s")]
/// # */
/// async fn a_job_is_done(case: &Case) -> CaseResult {
///     let [ada] = case.users();
///     let folder = case.temp_dir()?;
///     case.on_cleanup(async move { /* stop what was started */ });
///     let job = case.spawn(async move { tokio::fs::write(folder.join("job"), &*ada.id().as_str()).await });
///     job.await??;
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Case {
    state: Arc<CaseState>,
}

impl Case {
    pub(in crate::case) fn of(state: &Arc<CaseState>) -> Self {
        Self {
            state: Arc::clone(state),
        }
    }

    /// The case of the test that this thread works for.
    ///
    /// # Panics
    ///
    /// Outside of a test with the attribute `#[ssot_harness::test]`, and on threads that are not the test's own or
    /// its runtime's; see [`try_current`](Self::try_current).
    #[must_use]
    pub fn current() -> Self {
        Self::try_current().expect(
            "no test of the harness runs on this thread: give the test the attribute #[ssot_harness::test], or pass the \
             case to the thread and call `enter` there",
        )
    }

    /// The case of the test that this thread works for, where it works for one.
    #[must_use]
    pub fn try_current() -> Option<Self> {
        let state = running_tests::current()?;
        Some(Self { state })
    }

    /// Makes this thread work for the test for as long as the guard lives: its logs and panics are the test's then, and
    /// [`Case::current`] finds it. For threads that the test starts itself, and for jobs on a thread that several
    /// tests share: such a thread works for no test between two jobs.
    ///
    /// ```
    /// # use ssot_harness::prelude::*;
    /// # fn start(case: &Case) {
    /// let case = case.clone();
    /// std::thread::spawn(move || {
    ///     let _case = case.enter();
    ///     // …
    /// });
    /// # }
    /// ```
    pub fn enter(&self) -> EnteredCase {
        EnteredCase {
            _test: current::enter(Some(Arc::clone(&self.state.test))),
            _logs: logs::listen(),
        }
    }

    /// The test's path within its crate: what `cargo test` takes as a filter.
    #[must_use]
    pub fn name(&self) -> &str {
        self.state.test.path()
    }

    /// A name that no other test and no other run has: lower-case letters, digits and `_`, at most 40 characters, the first a
    /// letter. For databases, queues, buckets.
    #[must_use]
    pub fn id(&self) -> &str {
        self.state.resources.name.of(&self.state.test)
    }

    /// `N` users with ids and secrets of their own: the same in every run with the same seed (`SSOT_SEED`, 0 where it is
    /// not set), and others in every test.
    ///
    /// ```
    /// # use ssot_harness::prelude::*;
    /// # fn body(case: &Case) {
    /// let [ada, ben] = case.users();
    /// assert_ne!(ada.id(), ben.id());
    /// # }
    /// ```
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "as many users are drawn as are asked for"
    )]
    pub fn users<const N: usize>(&self) -> [User; N] {
        let users = self.state.resources.users.first(N);
        users
            .try_into()
            .expect("as many users are drawn as are asked for")
    }

    /// The same for a number that is known at run time only. The first of them are those of [`users`](Self::users).
    #[must_use]
    pub fn users_n(&self, n: usize) -> Vec<User> {
        self.state.resources.users.first(n)
    }

    /// What the test's users have recorded so far.
    #[must_use]
    pub fn trace(&self) -> Trace {
        self.state.resources.users.trace()
    }

    /// The process environment: what is changed through it is put back at the end, and no other test sees it.
    #[must_use]
    pub fn env(&self) -> Env<'_> {
        Env::new(&self.state.environment, &self.state.watch)
    }

    /// Reads a configuration from the environment, each field from the variable of its name in upper case
    /// (`engines_per_user` from `ENGINES_PER_USER`).
    ///
    /// # Errors
    ///
    /// Names the field that is missing, or cannot be read.
    pub fn config<C: DeserializeOwned>(&self) -> Result<C, ConfigError> {
        self.config_of("")
    }

    /// The same for variables that begin with a prefix (`"CHAT_"`).
    ///
    /// # Errors
    ///
    /// Names the field that is missing, or cannot be read.
    pub fn config_of<C: DeserializeOwned>(&self, prefix: &str) -> Result<C, ConfigError> {
        resources::read(prefix)
    }

    /// Registers a clean-up to run at the end of the test, however it ends: after success, an error, a panic, a timeout, ctrl-C
    /// and SIGTERM (on Unix).
    ///
    /// The last is done first, one after the other, on the test's runtime; those that the body registered come before the
    /// tear-down, those of the set-up after it. Each may take five seconds; one that blocks its thread for longer is late, too. One
    /// that fails, also by an `Err` within its `Ok`, fails the test, and keeps no other from being done.
    ///
    /// One that is registered while the test is being cleaned up is run as well; one that is registered after that is reported on
    /// standard error.
    #[track_caller]
    pub fn on_cleanup<F>(&self, cleanup: F)
    where
        F: Future + Send + 'static,
        F::Output: CleanedUp,
    {
        self.clean_up(DEADLINE, cleanup, Location::caller());
    }

    /// The same, with a deadline of its own, in real time.
    #[track_caller]
    pub fn on_cleanup_within<F>(&self, within: Duration, cleanup: F)
    where
        F: Future + Send + 'static,
        F::Output: CleanedUp,
    {
        self.clean_up(within, cleanup, Location::caller());
    }

    fn clean_up<F>(&self, within: Duration, cleanup: F, at: &'static Location<'static>)
    where
        F: Future + Send + 'static,
        F::Output: CleanedUp,
    {
        signals::install();
        let refused = self.state.cleanups.push(Cleanup {
            work: Box::pin(async { cleanup.await.into_result() }),
            within,
            at,
        });
        if refused.is_err() {
            stderr::print(&format!(
                "ssot: the clean-up at {at} was registered after {} was over, and is not run: have the test wait for whoever \
                 registers it\n",
                self.name()
            ));
        }
    }

    /// Tries something until it holds: until it gives `true`, `Some` or `Ok`. Time is tokio's, so that
    /// with a paused clock the wait takes no real time.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use ssot_harness::prelude::*;
    /// # struct Queue;
    /// # impl Queue { async fn len(&self) -> usize { 0 } }
    /// # async fn body(case: &Case, queue: &Queue) -> CaseResult {
    /// case.eventually(Duration::from_secs(2), async || match queue.len().await {
    ///     0 => Ok(()),
    ///     n => Err(format!("{n} jobs are left")),
    /// })
    /// .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The last reason why it did not hold.
    pub async fn eventually<P, F>(&self, within: Duration, probe: F) -> Result<P::Held, NeverHeld>
    where
        P: Probe,
        F: AsyncFnMut() -> P,
    {
        resources::eventually(within, probe).await
    }

    /// Spawns a task, whose place of spawning is reported where it does not end. It has to end before the test does.
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        tasks::spawn(&self.state.activity, Location::caller(), future)
    }

    /// Lets this many tasks be alive at the end.
    pub fn allow_tasks(&self, tasks: usize) {
        self.state.activity.tasks.allow(tasks);
    }

    /// Lets this many panics happen in tasks that are not awaited, and in threads.
    pub fn allow_panics(&self, panics: usize) {
        self.state.activity.panics.allow(panics);
    }

    /// A folder of the test's own, removed at its end.
    ///
    /// # Errors
    ///
    /// Where it cannot be made.
    pub fn temp_dir(&self) -> io::Result<PathBuf> {
        signals::install();
        self.state.resources.folder.path(self.id())
    }

    /// The test's clock.
    #[must_use]
    pub fn clock(&self) -> Clock<'_> {
        Clock::of(&self.state.resources.clock)
    }

    /// What is counted in the test.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.state.activity.metrics
    }

    /// What was logged with `tracing` so far, on the threads and in the tasks that work for the
    /// test: see [`logs`](mod@crate::logs).
    ///
    /// ```
    /// # use ssot_harness::prelude::*;
    /// # fn body(case: &Case) {
    /// let [ada] = case.users();
    /// tracing::warn!(user = %ada.id(), "refused");
    /// let refusals = case.logs().at(Level::WARN).with_field("user", ada.id()).containing("refused");
    /// # }
    /// ```
    #[must_use]
    pub fn logs(&self) -> Logs {
        self.state.capture.logs()
    }

    /// A summary of the test up to now: the times of its phases, and its counters.
    #[must_use]
    pub fn report(&self) -> CaseReport {
        CaseReport::of(&self.state)
    }
}

impl Success for Case {
    fn outcome(self) -> Outcome {
        Outcome::PASSED
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

/// While it lives, its thread works for a test: see [`Case::enter`].
#[derive(Debug)]
#[must_use = "the thread works for the test only while this lives"]
pub struct EnteredCase {
    _test: current::Entered,
    _logs: logs::Listening,
}
