use std::fmt;

use thiserror::Error;

use super::guarded::caught;
use super::outcome::{IntoOutcome, Outcome, Said};
use super::{classify, live};
use crate::current;
use crate::fail_first::{FailFirst, Fingerprint};

/// Shows that a check fails with the faulty system as the test declares, and passes with the sound one: for a system whose
/// faulty form is still in the tree.
///
/// ```
/// use std::sync::Arc;
///
/// use ssot_harness::case::{NotProven, Proof};
/// use ssot_harness::prelude::*;
/// use ssot_harness::prove_between;
/// # struct Desk { shared: bool, card: std::sync::Mutex<String> }
/// # impl Desk {
/// #     fn new(shared: bool) -> Self { Self { shared, card: std::sync::Mutex::default() } }
/// #     async fn ask(&self, card: String) -> String {
/// #         if !self.shared { tokio::task::yield_now().await; return card; }
/// #         *self.card.lock().unwrap() = card;
/// #         tokio::task::yield_now().await;
/// #         self.card.lock().unwrap().clone()
/// #     }
/// # }
///
/// # /*
/// #[ssot_harness::test(fail_first(issue = "shop#12", expect = "context-leak"))]
/// # */
/// fn cards_are_not_shared() -> Result<Proof, NotProven> {
///     prove_between(true, false, |shared| {
///         isolation(async move || Desk::new(shared))
///             .users(2, async |user: &User, desk: &Desk| {
///                 user.saw(Surface::Reply, &desk.ask(user.secret("card")).await);
///                 Ok(())
///             })
///             .check()
///     })
/// }
/// ```
///
/// `check` is called twice: with `before`, which makes the faulty system or is it, and then with `after`.
///
/// # Errors
///
/// Where one side does not do what it should, or the test does not declare `fail_first`.
pub fn prove_between<T, O: IntoOutcome>(
    before: T,
    after: T,
    check: impl Fn(T) -> O,
) -> Result<Proof, NotProven> {
    let core = current::test().and_then(|test| live::find(test.id()));
    let Some((core, declared)) = core
        .as_ref()
        .and_then(|core| Some((core, core.meta.fail_first.as_ref()?)))
    else {
        return Err(NotProven(Why::Undeclared));
    };
    let run = |system: T| {
        let outcome = caught(core, || check(system).into_outcome());
        outcome.map_or_else(
            |panic| Side::of_text(declared, panic.to_string()),
            |outcome| Side::of(declared, outcome),
        )
    };
    let fingerprint = match run(before) {
        Side::Declared(fingerprint) => fingerprint,
        Side::Passed => return Err(NotProven(Why::BeforePasses(declared.to_string()))),
        Side::Other(text) => return Err(NotProven(Why::BeforeOtherwise(declared.to_string(), text))),
    };
    match run(after) {
        Side::Passed => {
            // Where a test proves several things, the first goes on record.
            core.proof.get_or_init(|| fingerprint.clone());
            Ok(Proof { fingerprint })
        }
        Side::Declared(_) => Err(NotProven(Why::AfterFails(declared.to_string()))),
        Side::Other(text) => Err(NotProven(Why::AfterOtherwise(text))),
    }
}

/// Both sides were as they should be.
#[derive(Clone, Debug)]
pub struct Proof {
    fingerprint: Fingerprint,
}

impl Proof {
    /// What the check failed with before.
    #[must_use]
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }
}

enum Side {
    Passed,
    Declared(Fingerprint),
    Other(String),
}

impl Side {
    fn of(declared: &FailFirst, outcome: Outcome) -> Self {
        match outcome.0 {
            Ok(()) => Self::Passed,
            Err(Said { error, text }) => match classify::returned(declared, &*error, &text) {
                Some(fingerprint) => Self::Declared(fingerprint),
                None => Self::Other(text),
            },
        }
    }

    fn of_text(declared: &FailFirst, text: String) -> Self {
        match classify::returned(declared, &(), &text) {
            Some(fingerprint) => Self::Declared(fingerprint),
            None => Self::Other(text),
        }
    }
}

/// Why nothing was shown.
#[derive(Error)]
#[error(transparent)]
pub struct NotProven(Why);

#[derive(Debug, Error)]
enum Why {
    #[error(
        "the test declares nothing to prove: give its attribute fail_first(issue = \"…\", expect = \"…\")"
    )]
    Undeclared,
    #[error(
        "the check passes with the faulty system, where it has to fail with {0}: it does not test the fault"
    )]
    BeforePasses(String),
    #[error("with the faulty system the check has to fail with {0}, and fails otherwise: {1}")]
    BeforeOtherwise(String, String),
    #[error(
        "the check fails with {0} with the sound system too: the fault is there, or the check accuses the innocent"
    )]
    AfterFails(String),
    #[error("with the sound system the check fails: {0}")]
    AfterOtherwise(String),
}

impl fmt::Debug for NotProven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
