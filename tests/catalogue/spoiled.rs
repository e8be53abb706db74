//! The canonical implementation with one thing wrong at a time: each statement of a promise's check has one that only it finds.

use ssot_harness::conformance::{Conformance, Disguise, Promise};
use ssot_harness::prelude::*;

use crate::spoiled_subject::{Counter, Fault, Spoiled};

/// Each fault, the promise that it breaks, and what is said.
const FAULTS: [(Fault, Promise, Kind, &str); 34] = [
    (
        Fault::ClosesWell,
        Promise::AccountsTrue,
        Kind::FalseAccounting,
        "closing an engine succeeded",
    ),
    (
        Fault::Counts(Counter::Delivered),
        Promise::AccountsTrue,
        Kind::FalseAccounting,
        "events delivered",
    ),
    (
        Fault::Counts(Counter::Undelivered),
        Promise::AccountsTrue,
        Kind::FalseAccounting,
        "events not delivered",
    ),
    (
        Fault::Counts(Counter::Answered),
        Promise::AccountsTrue,
        Kind::FalseAccounting,
        "runs answered",
    ),
    (
        Fault::Counts(Counter::Failed),
        Promise::AccountsTrue,
        Kind::FalseAccounting,
        "runs failed",
    ),
    (
        Fault::Counts(Counter::ClosesFailed),
        Promise::AccountsTrue,
        Kind::FalseAccounting,
        "engines not closed well",
    ),
    (
        Fault::EntriesInPlace,
        Promise::ContextsImmutable,
        Kind::MutableContext,
        "shows in the context that was handed out",
    ),
    (
        Fault::EntriesNowhere,
        Promise::ContextsImmutable,
        Kind::MutableContext,
        "shows nowhere",
    ),
    (
        Fault::EntriesOfSiblings,
        Promise::ContextsImmutable,
        Kind::MutableContext,
        "shows in its sibling",
    ),
    (
        Fault::EntriesOfParents,
        Promise::ContextsImmutable,
        Kind::MutableContext,
        "shows in its parent",
    ),
    (
        Fault::EntriesOfRuns,
        Promise::ContextsImmutable,
        Kind::MutableContext,
        "a run changed the context",
    ),
    (
        Fault::Refuses(Disguise::Canonical),
        Promise::DeprecatedRefused,
        Kind::ContractDrift,
        "the canonical implementation was refused",
    ),
    (
        Fault::Accepts(Disguise::Deprecated),
        Promise::DeprecatedRefused,
        Kind::DeprecatedAccepted,
        "a deprecated implementation was accepted",
    ),
    (
        Fault::Accepts(Disguise::Renamed),
        Promise::DeprecatedRefused,
        Kind::DeprecatedAccepted,
        "under the canonical one's name",
    ),
    (
        Fault::Accepts(Disguise::Wrapped),
        Promise::DeprecatedRefused,
        Kind::DeprecatedAccepted,
        "a wrapper around",
    ),
    (
        Fault::Accepts(Disguise::SwappedLater),
        Promise::DeprecatedRefused,
        Kind::DeprecatedAccepted,
        "in exchange for",
    ),
    (
        Fault::AnswersNothing,
        Promise::GoldenPath,
        Kind::EventMissing,
        "the answer did not arrive",
    ),
    (
        Fault::AnswersFailures,
        Promise::FailuresTold,
        Kind::FalseSuccess,
        "a run that failed was answered",
    ),
    (
        Fault::OneAddress,
        Promise::UniqueInstances,
        Kind::SharedInstance,
        "somebody else has",
    ),
    (
        Fault::TakesUser("unknown"),
        Promise::IdentityValidated,
        Kind::InvalidIdentity,
        "the user id \"unknown\" was accepted",
    ),
    (
        Fault::TakesSession(""),
        Promise::IdentityValidated,
        Kind::InvalidIdentity,
        "the session id \"\" was accepted",
    ),
    (
        Fault::RunsForOthers,
        Promise::IdentityValidated,
        Kind::Misattribution,
        "under the context of another user",
    ),
    (
        Fault::LimitOfOneLess,
        Promise::LimitsHold,
        Kind::LimitExceeded,
        "engines, and the limit is",
    ),
    (
        Fault::StaysOpen,
        Promise::ClosedRefuses,
        Kind::UseAfterClose,
        "after the engine had been closed",
    ),
    (
        Fault::Grows,
        Promise::GrowthBounded,
        Kind::UnboundedGrowth,
        "entries are kept",
    ),
    (
        Fault::SharesState,
        Promise::NoAliasing,
        Kind::SharedInstance,
        "changed `/runs` of another one",
    ),
    (
        Fault::AttestsWhatIsShared,
        Promise::AttestationsTrue,
        Kind::FalseAttestation,
        "claims to share no state",
    ),
    (
        Fault::ViewsDiffer {
            after_failures_only: false,
        },
        Promise::StatesAgree,
        Kind::InconsistentState,
        "after a run that was answered",
    ),
    (
        Fault::ViewsDiffer {
            after_failures_only: true,
        },
        Promise::StatesAgree,
        Kind::InconsistentState,
        "after a run that failed",
    ),
    (Fault::LeavesRuns, Promise::NothingLeft, Kind::Residue, ""),
    (
        Fault::ForgetsSettings,
        Promise::UpdatesReachAll,
        Kind::EventMissing,
        "a value that was set for all users",
    ),
    (
        Fault::SendsTwice,
        Promise::ReconnectsLoseNothing,
        Kind::EventDuplicated,
        "message 2 twice",
    ),
    (
        Fault::Loses,
        Promise::ReconnectsLoseNothing,
        Kind::EventMissing,
        "message 2 was accepted",
    ),
    (
        Fault::Swaps,
        Promise::ReconnectsLoseNothing,
        Kind::EventOutOfOrder,
        "message 2 after message 3",
    ),
];

#[test]
fn each_statement_of_a_check_finds_what_only_it_can_find() {
    let mut missed = Vec::new();
    for (fault, promise, kind, said) in FAULTS {
        let outcome = Conformance::new(async move || Spoiled::new(fault)).check(promise);
        let failure = outcome.failure();
        let violations = failure.map_or(&[][..], |failure| failure.violations());
        let is_found = violations
            .iter()
            .any(|violation| violation.kind() == kind && violation.detail().contains(said));
        if !is_found {
            missed.push(format!("{fault:?} by {promise}: {outcome}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
}
