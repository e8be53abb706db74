use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::bench::{Bench, Needed};
use super::event_order::EventOrder;
use super::findings::Findings;
use super::outcome::Inner;
use super::promises;
use super::subject::events_of_a_run;
use super::{Promise, PromiseOutcome, Subject};
use crate::isolation::{Check, Isolation, ScriptResult, isolation};
use crate::trace::User;

type Built<S> = Pin<Box<dyn Future<Output = S>>>;

/// The promises of one implementation.
pub struct Conformance<S> {
    build: Arc<dyn Fn() -> Built<S> + Send + Sync>,
    executions: u64,
    seed: u64,
    keeps_failures: bool,
}

impl<S: Subject> Conformance<S> {
    /// Checks what `build` makes, which is called for every execution.
    pub fn new(build: impl AsyncFn() -> S + Send + Sync + 'static) -> Self {
        let build = Arc::new(build);
        Self {
            build: Arc::new(move || {
                let build = Arc::clone(&build);
                Box::pin(async move { build().await })
            }),
            executions: 800,
            seed: 0,
            keeps_failures: false,
        }
    }

    /// How many executions to spend on each promise at the most (800).
    #[must_use]
    pub fn executions(mut self, executions: u64) -> Self {
        self.executions = executions;
        self
    }

    /// What the random parts of the searches are drawn from (0).
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Keeps the failure of a promise in `ssot-regressions/`, and runs it first the next time, as every check does: for a test that checks one
    /// promise, as those of [`conformance_tests!`](crate::conformance_tests) do.
    #[must_use]
    pub fn keeping_failures(mut self) -> Self {
        self.keeps_failures = true;
        self
    }

    /// Checks one promise.
    #[must_use]
    pub fn check(&self, promise: Promise) -> PromiseOutcome {
        let inner = match self.declared(promise) {
            Some("") => Inner::Unexplained,
            Some(reason) => Inner::Exempt(reason),
            None => self.search(promise),
        };
        PromiseOutcome { promise, inner }
    }

    fn search(&self, promise: Promise) -> Inner {
        let needed = Needed::default();
        let mut check = promises::check(self, promise, &needed)
            .seed(self.seed)
            .within(Duration::from_secs(60));
        if !self.keeps_failures {
            check = check.without_regressions();
        }
        let verdict = check.check();
        match (needed.method(), verdict) {
            (Some(method), _) => Inner::Undeclared(method),
            (None, Ok(report)) => Inner::Kept(Box::new(report)),
            (None, Err(failure)) => Inner::Broken(Box::new(failure)),
        }
    }

    fn declared(&self, promise: Promise) -> Option<&'static str> {
        let exemptions = self.of_one(Subject::exemptions).unwrap_or_default();
        let found = exemptions.into_iter().find(|(exempt, _)| *exempt == promise);
        found.map(|(_, reason)| reason.trim())
    }

    /// Asks a subject that takes part in no search. `None` if it cannot be built, which the search then reports.
    fn of_one<T: Send + 'static>(&self, ask: fn(&S) -> T) -> Option<T> {
        let build = Arc::clone(&self.build);
        // On a thread of its own, as the caller may be within a runtime.
        let asked = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .start_paused(true)
                .build()
                .expect("a runtime can be built");
            runtime.block_on(async { ask(&build().await) })
        });
        asked.join().ok()
    }

    /// A check that finds what the scripts report.
    pub(super) fn users<F>(&self, users: usize, share: u64, script: F) -> Check<Bench<S>>
    where
        F: AsyncFn(&User, &Bench<S>) -> ScriptResult + Send + Sync + 'static,
    {
        self.isolation()
            .users(users, script)
            .executions((self.executions / share).max(4))
            .oracle(Findings)
    }

    /// The same for scripts that look at something else than isolation, with the events of each run.
    pub(super) fn facts<F>(&self, users: usize, share: u64, script: F) -> Check<Bench<S>>
    where
        F: AsyncFn(&User, &Bench<S>) -> ScriptResult + Send + Sync + 'static,
    {
        self.users(users, share, script).without_solo_comparison()
    }

    pub(super) fn event_order(&self) -> EventOrder {
        EventOrder {
            protocol: self.of_one(Subject::protocol).unwrap_or_else(events_of_a_run),
        }
    }

    fn isolation(&self) -> Isolation<Bench<S>> {
        let build = Arc::clone(&self.build);
        isolation(async move || Bench::new(build().await))
    }
}

impl<S> fmt::Debug for Conformance<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conformance")
            .field("executions", &self.executions)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}
