use std::any;
use std::fmt;
use std::marker::PhantomData;
use std::ops::RangeInclusive;
use std::sync::Arc;

use proptest::strategy::Strategy;

use super::Check;
use super::actions::{Action, ByAction, ByClosure, Input, Inputs, Planned};
use super::plan::Plan;
use super::scenario::{ScriptResult, Scripted};
use super::source::{Always, BoxError, Source, Trying};
use super::typed_target_source::{Fixed, Generated, Scenarios, TypedTargetSource};
use crate::report::TestPath;
use crate::search::PlanOf;
use crate::trace::User;

/// Begins a check that concurrent users of a system stay apart. `build` makes a fresh system for every execution.
///
/// ```
/// use ssot_harness::prelude::*;
/// # struct Chat;
/// # impl Chat {
/// #     fn new() -> Self { Self }
/// #     async fn ask(&self, _user: &str, card: &str) -> Result<String, std::io::Error> { Ok(card.to_owned()) }
/// # }
///
/// # fn main() -> Verdict {
/// isolation(async || Chat::new())
///     .users(3, async |user: &User, chat: &Chat| {
///         let answer = chat.ask(user.id(), &user.secret("card")).await?;
///         user.saw(Surface::Reply, &answer);
///         Ok(())
///     })
///     .check()
/// # }
/// ```
///
/// The system runs on plain tokio, on a current-thread runtime whose clock stands still until everybody waits. It is
/// built, used and dropped on a thread of the check's own; where the closure captures something, `async move ||` it.
pub fn isolation<S, B>(build: B) -> Isolation<S>
where
    S: 'static,
    B: AsyncFn() -> S + Send + Sync + 'static,
{
    Isolation {
        source: Arc::new(Always(build)),
    }
}

/// The same for a system that may fail to be built: an error is reported as such, not as a leak.
pub fn try_isolation<S, E, B>(build: B) -> Isolation<S>
where
    S: 'static,
    E: Into<BoxError> + 'static,
    B: AsyncFn() -> Result<S, E> + Send + Sync + 'static,
{
    Isolation {
        source: Arc::new(Trying(build, PhantomData)),
    }
}

/// A system; what its users do comes next.
pub struct Isolation<S> {
    source: Arc<dyn Source<S>>,
}

impl<S: 'static> Isolation<S> {
    /// Has this many users run a script side by side, 2 to 1,024.
    ///
    /// An error that the script returns is something its user saw, on [`Surface::Error`](crate::trace::Surface::Error); a script that returns one
    /// with nobody else there is refused.
    pub fn users<F>(self, users: usize, script: F) -> Check<S>
    where
        F: AsyncFn(&User, &S) -> ScriptResult + Send + Sync + 'static,
    {
        let test = TestPath::around(any::type_name::<F>());
        self.check(
            Fixed {
                scenario: Arc::new(Scripted { users, script }),
                plan: None,
            },
            test,
        )
    }

    /// Has users take generated actions: `actions` gives the proptest strategy for one user's list, `step` takes one.
    ///
    /// Each user does its actions one after another; between two, anything may happen. A dropped call is one action:
    /// its user goes on with the next. A failing plan is shrunk after its schedule, and kept as JSON.
    pub fn generated<A, G, P, F>(self, users: RangeInclusive<usize>, actions: G, step: F) -> Check<S>
    where
        A: Input,
        G: Fn(&User) -> P + Clone + Send + Sync + 'static,
        P: Strategy<Value = Vec<A>>,
        P::Tree: 'static,
        F: AsyncFn(&User, &S, A) -> ScriptResult + Send + Sync + 'static,
    {
        let test = TestPath::around(any::type_name::<F>());
        self.check(
            Generated {
                users,
                actions,
                step: Arc::new(ByClosure(step)),
            },
            test,
        )
    }

    /// Has users do what a [`plan`](super::plan()) says, where the actions know how to act. For use inside
    /// `proptest!`, which then generates and shrinks the plan.
    ///
    /// One plan may have no secret in it. A test is refused as vacuous when a user has taken part in 32 of its plans
    /// and never seen one of its own.
    pub fn plan<A: Action<S>>(self, plan: Plan<A>) -> Check<S> {
        let test = any::type_name::<(S, A)>().to_owned();
        let Plan {
            identity_seed,
            actions,
            secrets,
        } = plan;
        let scenario = Planned {
            inputs: Inputs { actions, secrets },
            step: Arc::new(ByAction) as Arc<_>,
        };
        self.check(
            Fixed {
                scenario: Arc::new(scenario),
                plan: Some(PlanOf { identity_seed, test }),
            },
            None,
        )
    }

    /// Has users do what a [`plan`](super::plan()) says, each action by `step`.
    pub fn plan_with<A, F>(self, plan: Plan<A>, step: F) -> Check<S>
    where
        A: Input,
        F: AsyncFn(&User, &S, A) -> ScriptResult + Send + Sync + 'static,
    {
        let test = any::type_name::<F>().to_owned();
        let Plan {
            identity_seed,
            actions,
            secrets,
        } = plan;
        let scenario = Planned {
            inputs: Inputs { actions, secrets },
            step: Arc::new(ByClosure(step)) as Arc<_>,
        };
        self.check(
            Fixed {
                scenario: Arc::new(scenario),
                plan: Some(PlanOf { identity_seed, test }),
            },
            None,
        )
    }

    fn check(self, scenarios: impl Scenarios<S> + 'static, test: Option<TestPath>) -> Check<S> {
        let source = TypedTargetSource {
            source: self.source,
            scenarios: Arc::new(scenarios),
            inspect: None,
            invariants: Arc::new([]),
            racing: None,
            #[cfg(feature = "postgres")]
            beside: None,
            #[cfg(feature = "postgres")]
            check_out: None,
        };
        Check::new(source, test)
    }
}

impl<S> fmt::Debug for Isolation<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Isolation").finish_non_exhaustive()
    }
}
