use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The one table of kinds.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $id:literal,)+) => {
        /// The stable id of a violation, as the catalogue of violations names it.
        ///
        /// The oracles of the crate report `context-leak`, `misattribution`, `interference`, `inconsistent-state`, `residue`, `hang`
        /// and, in a test case, `task-panic`. The checks of promises, under the feature `conformance`, report the others, but for
        /// those of source text. An [`Oracle`](super::Oracle) of a test may report any.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[$doc])* $variant,)+
        }

        impl Kind {
            /// What is said of an id that none of them has.
            pub(crate) const NO_SUCH: &str = concat!(
                "there is no such kind of violation; a fail-first test can expect ",
                $($id, ", ",)+ "and no others"
            );

            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The kind's id, in kebab case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }
        }
    };
}

kinds! {
    /// A user saw another user's data.
    ContextLeak = "context-leak",
    /// Two users were given one instance.
    SharedInstance = "shared-instance",
    /// A made-up or placeholder identity was accepted.
    InvalidIdentity = "invalid-identity",
    /// Work or an event was labelled with another user's identity.
    Misattribution = "misattribution",
    /// A context changed after it was handed out.
    MutableContext = "mutable-context",
    /// An event that had to come did not.
    EventMissing = "event-missing",
    /// An event overtook an earlier one.
    EventOutOfOrder = "event-out-of-order",
    /// An event came twice.
    EventDuplicated = "event-duplicated",
    /// A failed run was announced as completed.
    FalseSuccess = "false-success",
    /// An event came after the run's last one.
    EventAfterTerminal = "event-after-terminal",
    /// An event lacked a required field.
    EventMalformed = "event-malformed",
    /// A deprecated implementation was accepted.
    DeprecatedAccepted = "deprecated-accepted",
    /// Two implementations of one contract differ.
    ContractDrift = "contract-drift",
    /// One name is defined in several places.
    DuplicateDefinition = "duplicate-definition",
    /// A deprecated path holds logic.
    CodeInRedirect = "code-in-redirect",
    /// A caller goes past the canonical path.
    BypassedPath = "bypassed-path",
    /// Two stores of one state disagree.
    InconsistentState = "inconsistent-state",
    /// A self-check reported isolation that is not there.
    FalseAttestation = "false-attestation",
    /// Another user's presence changed what a user got.
    Interference = "interference",
    /// Something was left behind.
    Residue = "residue",
    /// Something was used after it was closed.
    UseAfterClose = "use-after-close",
    /// A limit was exceeded.
    LimitExceeded = "limit-exceeded",
    /// Users waited for what could never come.
    Hang = "hang",
    /// Memory grew with every run.
    UnboundedGrowth = "unbounded-growth",
    /// A counter claims what did not happen.
    FalseAccounting = "false-accounting",
    /// A task or a thread of a test panicked, and nothing awaited it: what a test case reports, and no oracle.
    TaskPanic = "task-panic",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no [`Kind`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is not a kind of violation; the kinds are {}", list())]
pub struct UnknownKind {
    text: String,
}

fn list() -> String {
    Kind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownKind {
                text: text.to_owned(),
            })
    }
}
