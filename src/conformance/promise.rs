use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The one table of promises: what is made of it, here and in `conformance_tests!`.
macro_rules! promises {
    ($d:tt $($(#[$doc:meta])* $variant:ident $name:ident = $id:literal,)+) => {
        /// What an engine or a factory promises. Each promise has a check of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Promise {
            $($(#[$doc])* $variant,)+
        }

        impl Promise {
            /// Every promise.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The promise's id, in kebab case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }
        }

        /// Makes a module with a `#[test]` for each [`Promise`](crate::conformance::Promise) of an implementation.
        ///
        /// The first argument names the module, the second makes a fresh
        /// [`Subject`](crate::conformance::Subject) for every execution. A test fails if the promise is broken, and if it needs a
        /// method of the subject that returns `None` and is not declared not to apply. Failures are kept in `ssot-regressions/`.
        ///
        /// ```
        /// # use ssot_harness::conformance::{Client, Subject};
        /// # use ssot_harness::isolation::ScriptError;
        /// # use ssot_harness::prelude::*;
        /// # struct MyFactory;
        /// # impl MyFactory { fn new() -> Self { Self } }
        /// # impl Subject for MyFactory {
        /// #     type Engine = Client;
        /// #     async fn create(&self, _: &UserContext, client: Client) -> Result<Client, ScriptError> { Ok(client) }
        /// #     async fn run(&self, _: &Client, prompt: &str) -> Result<String, ScriptError> { Ok(prompt.to_owned()) }
        /// #     async fn close(&self, _: &Client) -> ScriptResult { Ok(()) }
        /// # }
        /// ssot_harness::conformance_tests!(canonical, async || MyFactory::new());
        /// ```
        #[macro_export]
        macro_rules! conformance_tests {
            ($d module:ident, $d build:expr $d(,)?) => {
                mod $d module {
                    use super::*;

                    $(
                        #[test]
                        fn $name() -> ::core::result::Result<(), $d crate::conformance::Unkept> {
                            $d crate::conformance::Conformance::new($d build)
                                .keeping_failures()
                                .check($d crate::conformance::Promise::$variant)
                                .into_result()
                        }
                    )+
                }
            };
        }
    };
}

promises! {
    $
    /// No user sees another user's data, and none changes what another one gets.
    UsersIsolated users_isolated = "users-isolated",
    /// Each request for an engine gets an engine of its own.
    UniqueInstances unique_instances = "unique-instances",
    /// No two engines share mutable state.
    NoAliasing no_aliasing = "no-aliasing",
    /// A missing or made-up identity is refused, and so is the context of another user.
    IdentityValidated identity_validated = "identity-validated",
    /// A context does not change after it was handed out, and its children have their own.
    ContextsImmutable contexts_immutable = "contexts-immutable",
    /// What takes engines takes the canonical ones only.
    DeprecatedRefused deprecated_refused = "deprecated-refused",
    /// The events of a run that was answered arrive, each once, whole and in order, also if the client does not accept one.
    EventsComplete events_complete = "events-complete",
    /// Events survive a lost connection, each once and in order.
    ReconnectsLoseNothing reconnects_lose_nothing = "reconnects-lose-nothing",
    /// What is set for all users reaches those who come meanwhile.
    UpdatesReachAll updates_reach_all = "updates-reach-all",
    /// A run that failed, or took too long, is announced as failed, and sends nothing after that.
    FailuresTold failures_told = "failures-told",
    /// A call that is dropped, or refused, leaves nothing behind.
    NothingLeft nothing_left = "nothing-left",
    /// To close one user's engine, or what is idle, changes nothing for others.
    CleanUpIsolated clean_up_isolated = "clean-up-isolated",
    /// No user has more engines than the limit, also if several are created at once.
    LimitsHold limits_hold = "limits-hold",
    /// A closed engine does nothing.
    ClosedRefuses closed_refuses = "closed-refuses",
    /// What is kept about runs that are over does not grow with every run.
    GrowthBounded growth_bounded = "growth-bounded",
    /// Counters agree with what happened.
    AccountsTrue accounts_true = "accounts-true",
    /// An engine that claims to share nothing shares nothing.
    AttestationsTrue attestations_true = "attestations-true",
    /// All places that keep the status of runs say the same.
    StatesAgree states_agree = "states-agree",
    /// Users who come in, ask and leave get their answers.
    GoldenPath golden_path = "golden-path",
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no [`Promise`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is not a promise; the promises are {}", list())]
pub struct UnknownPromise {
    text: String,
}

fn list() -> String {
    let ids: Vec<_> = Promise::ALL.iter().map(|promise| promise.as_str()).collect();
    ids.join(", ")
}

impl FromStr for Promise {
    type Err = UnknownPromise;

    fn from_str(text: &str) -> Result<Self, UnknownPromise> {
        let found = Self::ALL.iter().find(|promise| promise.as_str() == text);
        found.copied().ok_or_else(|| UnknownPromise {
            text: text.to_owned(),
        })
    }
}
