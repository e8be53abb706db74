use super::classify::{Evidence, Judged};
use crate::case::returned::{IntoOutcome, NotProven, Outcome, ReturnedError, Why, failure_of, messages};
use crate::case::state::running_tests;
use crate::fail_first::{Class, Fingerprint};

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
    let state = running_tests::current();
    let Some((state, declared)) = state
        .as_ref()
        .and_then(|state| Some((state, state.meta.fail_first.as_ref()?)))
    else {
        return Err(NotProven::new(Why::Undeclared));
    };
    let evidence = Evidence::of(state, declared);
    let run = |system: T| match state.activity.panics.catch(|| check(system).into_outcome()) {
        Ok(outcome) => Side::of(evidence, outcome),
        Err(panic) => Side::of_judged(evidence.panicked(&panic), panic.to_string()),
    };
    let fingerprint = match run(before) {
        Side::Declared(fingerprint) => fingerprint,
        Side::Passed => return Err(NotProven::new(Why::BeforePasses(declared.to_string()))),
        Side::Other(text) => return Err(NotProven::new(Why::BeforeOtherwise(declared.to_string(), text))),
    };
    match run(after) {
        Side::Passed => {
            // Where a test proves several things, the first goes on record.
            state.notes.proof.get_or_init(|| fingerprint.clone());
            Ok(Proof { fingerprint })
        }
        Side::Declared(_) => Err(NotProven::new(Why::AfterFails(declared.to_string()))),
        Side::Other(text) => Err(NotProven::new(Why::AfterOtherwise(text))),
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
    fn of(evidence: Evidence<'_>, outcome: Outcome) -> Self {
        let Err(ReturnedError { error, text, message }) = outcome.0 else {
            return Self::Passed;
        };
        let own_messages = messages(&*error, message, &text);
        let judged = match failure_of(error) {
            Some(failure) => evidence.checked(&failure.into_check()),
            None => evidence.messages(own_messages, Class::AnotherError),
        };
        Self::of_judged(judged, text)
    }

    fn of_judged(judged: Judged, text: String) -> Self {
        match judged {
            Judged::Declared(fingerprint) => Self::Declared(fingerprint),
            Judged::Consequence | Judged::Other(_) => Self::Other(text),
        }
    }
}
