use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

#[cfg(feature = "postgres")]
use super::beside::{Beside, ByClosure};
use super::inspect::{Awaited, Plain};
use super::invariant::{self, AtOnce, Holds, Invariant};
use super::typed_target::TypedTarget;
use super::typed_target_source::TypedTargetSource;
use crate::events::Protocol;
use crate::interleave::{RuntimeTopology, Strategy};
use crate::logs::listen_over;
use crate::oracle::Oracle;
use crate::report::{TestPath, Verdict};
use crate::search::Enough;
use crate::search::{self, CheckConfig, CheckPlan, Cloned};
use crate::trace::{Observation, Surface};
use crate::user::IdentityMode;

/// A check that is ready to run, and what can be set about it.
///
/// Each setting has a default. With all of them, a check of a small sound system takes from 1 s to 10 s in a debug build.
/// `SSOT_SEED`, `SSOT_EXECUTIONS` and
/// `SSOT_REPLAY` in the environment go before what is set here; `SSOT_REPORT=1` prints what a passing check covered.
#[must_use = "a check does nothing until `.check()` is called"]
pub struct Check<S> {
    source: TypedTargetSource<S>,
    config: CheckConfig,
    test: Option<TestPath>,
}

impl<S> Check<S> {
    pub(super) fn new(source: TypedTargetSource<S>, test: Option<TestPath>) -> Self {
        Self {
            source,
            config: CheckConfig::default(),
            test,
        }
    }
}

impl<S: 'static> Check<S> {
    /// How many executions to spend at the most, solo runs not counted (4,000).
    pub fn executions(mut self, executions: u64) -> Self {
        self.config.executions = executions;
        self
    }

    /// How long to search at the most, in real time (10 s). What was not reached is said in the report.
    pub fn within(mut self, time: Duration) -> Self {
        self.config.within = time;
        self
    }

    /// Runs every schedule with at most this many preemptions, as far as three quarters of the executions last; the
    /// rest is for other identities and for chance. Where nothing is said, as many preemptions as a quarter of the executions can cover.
    pub fn preemptions(mut self, bound: u32) -> Self {
        self.config.preemptions = Some(bound);
        self
    }

    /// How many calls in flight may be dropped in one execution, as clients that go away do (1).
    pub fn cancellations(mut self, most: u32) -> Self {
        self.config.cancellations = most;
        self
    }

    /// What the random parts of the search are drawn from (0): the same executions for the same seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.config.seed = seed;
        self
    }

    /// Judges only what is seen on these surfaces (all of them).
    pub fn surfaces(mut self, surfaces: impl IntoIterator<Item = Surface>) -> Self {
        self.config.judge_only(surfaces);
        self
    }

    /// Declares observations that may differ from what their user sees alone, or that stand for others which are then
    /// missing, as a refusal under load does (`429`, "busy"), also where the script returns it as an error.
    ///
    /// Only the comparison with the solo run is without them: every other oracle looks at them, so that a secret beside a
    /// sequence number is still found. Where it is one value that may differ, [`may_differ`](Self::may_differ) is narrower.
    pub fn allow(mut self, differs: impl Fn(&Observation) -> bool + Send + Sync + 'static) -> Self {
        self.config.may_differ.push(Arc::new(differs));
        self
    }

    /// Declares a value that may differ from what its user sees alone: a sequence number, the length of a shared list. It
    /// is named by its surface and a JSON pointer (RFC 6901) in which `*` stands for any one key or index; what is within
    /// the value is named with it, and the empty pointer names whole observations.
    ///
    /// ```
    /// # use ssot_harness::prelude::*;
    /// # fn example(check: Check<()>) -> Check<()> {
    /// check.may_differ(Surface::Event, "/id").may_differ(Surface::Reply, "/items/*/position")
    /// # }
    /// ```
    pub fn may_differ(mut self, surface: Surface, pointer: impl Into<String>) -> Self {
        self.config.values.push((surface, pointer.into()));
        self
    }

    /// Declares what is shared on purpose: where the closure returns true, the observation may show the secrets and ids of
    /// the user at the index that it is given. A secret of several users is said more narrowly by
    /// [`secret_shared_with`](crate::trace::User::secret_shared_with).
    ///
    /// ```
    /// # use ssot_harness::prelude::*;
    /// # fn example(check: Check<()>) -> Check<()> {
    /// // The first user's announcements are for all.
    /// check.shared(|seen, owner| owner == 0 && seen.surface() == Surface::Event)
    /// # }
    /// ```
    pub fn shared(mut self, is_shared: impl Fn(&Observation, usize) -> bool + Send + Sync + 'static) -> Self {
        self.config.shared.push(Arc::new(is_shared));
        self
    }

    /// Does without solo runs, for users who need each other: a chat of two, a game, an auction. Nothing is compared with
    /// what a user sees alone; secrets, identities, hangs and panics are judged as always.
    pub fn together(mut self) -> Self {
        self.config.together = true;
        self
    }

    /// Runs this one schedule, as a failure printed it, and nothing else.
    pub fn replay(mut self, text: impl Into<String>) -> Self {
        self.config.replay = Some(text.into());
        self
    }

    /// Asks the system what is live before its users come and after they have left; a difference is a residue.
    ///
    /// What the closure returns is compared as JSON: counts of connections, engines, permits, tasks. What rightly
    /// stays, as a history does, has no place in it. [`inspect_async`](Self::inspect_async) takes an async closure.
    pub fn inspect<T: Serialize>(mut self, inspect: impl Fn(&S) -> T + Send + Sync + 'static) -> Self {
        self.source.inspect = Some(Arc::new(Plain(inspect)));
        self
    }

    /// The same by an async closure: `async |desk: &Desk| desk.live().await`.
    pub fn inspect_async<T: Serialize>(
        mut self,
        inspect: impl AsyncFn(&S) -> T + Send + Sync + 'static,
    ) -> Self {
        self.source.inspect = Some(Arc::new(Awaited(inspect)));
        self
    }

    /// Requires that a condition holds in the system after every execution, when its users have left and what they started has
    /// settled. Where it does not, or panics, that is a violation of kind [`InconsistentState`](crate::oracle::Kind).
    ///
    /// `name` says in a report which one it was. It may be called more than once. [`invariant_async`](Self::invariant_async) takes
    /// an async closure.
    ///
    /// ```
    /// use std::sync::Mutex;
    ///
    /// use ssot_harness::prelude::*;
    ///
    /// let failure = isolation(async || Mutex::new(100))
    ///     .users(2, async |user: &User, balance: &Mutex<u32>| {
    ///         user.saw(Surface::Reply, &user.secret("card"));
    ///         let seen = *balance.lock().unwrap();
    ///         tokio::task::yield_now().await;
    ///         *balance.lock().unwrap() = seen - 10;
    ///         Ok(())
    ///     })
    ///     .invariant("both withdrawals count", |balance: &Mutex<u32>| *balance.lock().unwrap() == 80)
    /// #   .without_regressions()
    ///     .check()
    ///     .unwrap_err();
    /// assert_eq!(failure.violations()[0].kind(), Kind::InconsistentState);
    /// ```
    pub fn invariant(
        self,
        name: impl Into<String>,
        holds: impl Fn(&S) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.with_invariant(name.into(), Arc::new(AtOnce(holds)))
    }

    /// The same by an async closure: `async |bank: &Bank| bank.total().await == 100`.
    pub fn invariant_async(
        self,
        name: impl Into<String>,
        holds: impl AsyncFn(&S) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.with_invariant(name.into(), Arc::new(invariant::Awaited(holds)))
    }

    fn with_invariant(mut self, name: String, holds: Arc<dyn Holds<S>>) -> Self {
        let invariants = self.source.invariants.iter().cloned();
        self.source.invariants = invariants.chain([Invariant { name, holds }]).collect();
        self
    }

    /// Judges every execution by another oracle, besides those of the crate. It may be called more than once.
    pub fn oracle(mut self, oracle: impl Oracle + 'static) -> Self {
        self.config.oracles.push(Arc::new(oracle));
        self
    }

    /// Requires that what each user observes on the surface [`Event`](crate::trace::Surface::Event) follows `protocol`, in every execution. It may be called
    /// more than once.
    ///
    /// A user whose script comes to its end has a whole stream. One whose call is dropped, or whose script returns an error, has a whole stream only where that does not depend on the call; see
    /// [`closed_when_dropped`](Protocol::closed_when_dropped). A protocol that can match nothing has the check refused.
    ///
    /// ```
    /// use serde_json::json;
    /// use ssot_harness::events::Protocol;
    /// use ssot_harness::prelude::*;
    ///
    /// let failure = isolation(async || ())
    ///     .users(2, async |user: &User, (): &()| {
    ///         user.saw(Surface::Event, &json!({ "type": "agent_started" }));
    ///         user.saw(Surface::Event, &json!({ "type": "agent_completed", "answer": user.secret("card") }));
    ///         user.saw(Surface::Event, &json!({ "type": "agent_thinking" }));
    ///         Ok(())
    ///     })
    ///     .protocol(Protocol::agent_run())
    /// #   .without_regressions()
    ///     .check()
    ///     .unwrap_err();
    /// assert_eq!(failure.violations()[0].kind(), Kind::EventAfterTerminal);
    /// ```
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.config.impossible_protocols.extend(protocol.defect());
        self.oracle(protocol)
    }

    /// Searches with this strategy in place of the portfolio, alternating with enumeration as the portfolio does. For each case of
    /// generated inputs it begins as a clone of `strategy`.
    ///
    /// The search ends early where the strategy has no execution left. A strategy that draws at random draws from a seed of its
    /// own: [`seed`](Self::seed) does not reach it.
    ///
    /// ```
    /// use ssot_harness::interleave::Pct;
    /// use ssot_harness::prelude::*;
    ///
    /// # fn main() -> Verdict {
    /// isolation(async || ())
    ///     .users(2, async |user: &User, (): &()| {
    ///         user.saw(Surface::Reply, &user.secret("card"));
    ///         Ok(())
    ///     })
    ///     .strategy(Pct::new(7, 3))
    ///     .check()
    /// # }
    /// ```
    pub fn strategy(mut self, strategy: impl Strategy + Clone + Send + Sync + 'static) -> Self {
        self.config.strategy = Some(Arc::new(Cloned(strategy)));
        self
    }

    /// Does without one of the identity modes, or more: `distinct`, `colliding` (users share thread and session ids)
    /// and `look-alike` (ids begin with each other). For a system in which, say, thread ids are unique by contract.
    pub fn identities(mut self, modes: impl IntoIterator<Item = IdentityMode>) -> Self {
        self.config.identities = modes.into_iter().collect();
        self
    }

    /// Keeps to one topology of runtimes (chosen by whether the system spawns tasks).
    pub fn layout(mut self, topology: RuntimeTopology) -> Self {
        self.config.topology = Some(topology);
        self
    }

    /// How late a timer may fire, so that several are due at once and their order is free (10 ms of virtual time).
    pub fn lateness(mut self, most: Duration) -> Self {
        self.config.late = most;
        self
    }

    /// Leaves out the comparison with each user's solo run, for systems whose answers differ by nature.
    pub fn without_solo_comparison(mut self) -> Self {
        self.config.compare_alone = false;
        self
    }

    /// Runs in real time, with sockets: for systems that cannot be built on fakes. The schedule chooses among those
    /// who are woken; a replay is best effort, and there is no certificate.
    pub fn real_io(mut self) -> Self {
        self.config.real_io = true;
        self.config.sockets = None;
        self
    }

    /// Lets the system use real sockets whose both ends are in this process, as of a server on `127.0.0.1:0` and its clients, under the
    /// schedule and the virtual clock: the search enumerates, shrinks and replays as it does without.
    ///
    /// Sockets are looked at after every step. The clock moves only where nothing can run and two more looks at every socket have brought
    /// nothing. A replay waits for the runnable that its schedule names.
    ///
    /// The port after a loopback address (`127.0.0.1:40123`), a number under a key that names a port, and the date of an HTTP message
    /// differ by nature: they count neither as interference nor as a schedule that does not repeat. A call that is dropped closes its sockets.
    /// `lookup_host("localhost")` works; it runs on a thread of tokio's, as the report then says. Set `TCP_NODELAY` on both sides: else the
    /// kernel may hold back a small segment for up to 40 ms of real time, in which virtual time goes by. Peers outside of the
    /// process need [`sockets_outside`](Self::sockets_outside).
    pub fn sockets(self) -> Self {
        self.sockets_outside(Duration::ZERO)
    }

    /// The same for sockets whose other end is outside of this process, as of a database: before the clock moves, nothing has come for
    /// `grace`, in real time. Some 20 ms are enough for a database on the same machine.
    ///
    /// What answers when is not for the schedule to decide: there is no certificate, and a replay that differs is possible, though rare.
    pub fn sockets_outside(mut self, grace: Duration) -> Self {
        self.config.sockets = Some(grace);
        self.config.real_io = false;
        self
    }

    /// Takes what the system logs with `tracing` for something that its users see, on [`Surface::Log`]: logs that a user
    /// is shown, or that are kept apart by user.
    ///
    /// An event, of level DEBUG and above, is seen by the user whose script is being polled, or in the span of which it
    /// is logged: one that was opened while that user was served. What a spawned task logs is hence seen by nobody,
    /// unless the task is instrumented: `tokio::spawn(work.instrument(span))`. Events are seen as JSON, with the fields
    /// of their spans, without time and thread.
    pub fn logs(mut self) -> Self {
        self.config.logs = true;
        self
    }

    /// Requires that no event logged for a user shows a secret, not even the user's own: what is logged is read by others, and kept. Implies
    /// [`logs`](Self::logs), which says for whom an event is logged.
    pub fn no_secrets_in_logs(mut self) -> Self {
        self.config.secretless_logs = true;
        self.logs()
    }

    /// After how long, in real time, a poll that does not return counts as blocking its thread (2 s).
    pub fn blocked_after(mut self, time: Duration) -> Self {
        self.config.blocked_after = time;
        self
    }

    /// After how many steps an execution that has not ended counts as endless (20,000).
    pub fn steps(mut self, most: usize) -> Self {
        self.config.steps = most;
        self
    }

    /// Stops what is left to chance once this many executions running have shown nothing new: no order of two users'
    /// steps that was not seen before, and no outcome. The report says so.
    pub fn until_nothing_new(mut self, executions: u64) -> Self {
        self.config.enough = Enough::Quiet(executions.max(1));
        self
    }

    /// How many sets of generated inputs to divide the executions among (20).
    pub fn cases(mut self, cases: u32) -> Self {
        self.config.cases = cases;
        self
    }

    /// Uses up all executions, however little they show that is new.
    ///
    /// Without this, a search stops once the next execution is unlikely to show anything new: no more than one in 30, by the
    /// Good-Turing estimate, after at least 300 executions by chance. `SSOT_EXECUTIONS`, `SSOT_WITHIN` and `SSOT_SHARD` ask for all too.
    pub fn thorough(mut self) -> Self {
        self.config.enough = Enough::All;
        self
    }

    /// Neither runs kept failures first nor keeps new ones, in `ssot-regressions/`.
    pub fn without_regressions(mut self) -> Self {
        self.config.keep = false;
        self
    }

    /// Stands something beside the system, as a database.
    #[cfg(feature = "postgres")]
    pub(crate) fn beside(mut self, beside: Arc<dyn Beside>) -> Self {
        self.source.beside = Some(beside);
        self
    }

    /// How the system takes a connection out of its pool.
    #[cfg(feature = "postgres")]
    pub(crate) fn checked_out_by<G: 'static>(
        mut self,
        check_out: impl AsyncFn(&S) -> G + Send + Sync + 'static,
    ) -> Self {
        self.source.check_out = Some(Arc::new(ByClosure(check_out)));
        self
    }

    /// Runs the check.
    ///
    /// It may be called from anywhere, also within a running runtime, whose thread it then blocks for as long as it
    /// takes.
    ///
    /// # Errors
    ///
    /// A [`Failure`](super::Failure): violations with the smallest schedule that shows them, or why the check could
    /// not be carried out.
    ///
    /// # Panics
    ///
    /// Where a closure of the check itself panics, one given to [`allow`](Self::allow) or a strategy for actions.
    pub fn check(self) -> Verdict {
        let Self { source, config, test } = self;
        let _logs = config.logs.then(listen_over);
        search::run(CheckPlan {
            targets: Arc::new(source),
            config: config.with_environment()?,
            test,
        })
    }
}

impl<S: Send + Sync + 'static> Check<S> {
    /// After the search, runs this many executions in which two OS threads are released together at every step, for
    /// faults with no await between. What that finds is real; that it finds nothing promises nothing.
    pub fn race(mut self, pairs: u64) -> Self {
        self.config.race = pairs;
        self.source.racing = Some(TypedTarget::run_racing);
        self
    }
}

impl<S> fmt::Debug for Check<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check")
            .field("test", &self.test)
            .finish_non_exhaustive()
    }
}
