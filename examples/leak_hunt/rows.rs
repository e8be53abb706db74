//! The rows of the catalogue of violations that are not found in source text: which general check finds the fault, and as what.

use ssot_harness::conformance::Promise;
use ssot_harness::oracle::Kind;

/// What finds the fault of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// The check of a promise.
    Promise(Promise),
    /// The comparison with the canonical implementation.
    Differential,
}

/// A row: its number, the check, and the kinds of which the check has to report one. A row whose fault two checks find is there twice.
pub(crate) const ROWS: [(u8, Check, &[Kind]); 34] = {
    use Check::{Differential, Promise as P};
    [
        (2, P(Promise::UniqueInstances), &[Kind::SharedInstance]),
        (4, P(Promise::IdentityValidated), &[Kind::InvalidIdentity]),
        (5, P(Promise::IdentityValidated), &[Kind::Misattribution]),
        (7, P(Promise::ContextsImmutable), &[Kind::MutableContext]),
        (8, P(Promise::ContextsImmutable), &[Kind::MutableContext]),
        (11, P(Promise::EventsComplete), &[Kind::EventMissing]),
        (11, P(Promise::GoldenPath), &[Kind::EventMissing]),
        (13, P(Promise::EventsComplete), &[Kind::EventMissing]),
        (14, P(Promise::EventsComplete), &[Kind::EventOutOfOrder]),
        (15, P(Promise::EventsComplete), &[Kind::EventDuplicated]),
        (16, P(Promise::FailuresTold), &[Kind::FalseSuccess]),
        (17, P(Promise::FailuresTold), &[Kind::EventAfterTerminal]),
        (18, P(Promise::EventsComplete), &[Kind::EventMalformed]),
        (20, P(Promise::DeprecatedRefused), &[Kind::DeprecatedAccepted]),
        (21, P(Promise::DeprecatedRefused), &[Kind::DeprecatedAccepted]),
        (22, P(Promise::DeprecatedRefused), &[Kind::DeprecatedAccepted]),
        (23, Differential, &[Kind::ContractDrift]),
        (26, P(Promise::StatesAgree), &[Kind::InconsistentState]),
        (27, P(Promise::EventsComplete), &[Kind::EventDuplicated]),
        (28, P(Promise::EventsComplete), &[Kind::EventMissing]),
        (29, P(Promise::AttestationsTrue), &[Kind::FalseAttestation]),
        (29, P(Promise::NoAliasing), &[Kind::SharedInstance]),
        (31, P(Promise::CleanUpIsolated), &[Kind::Interference]),
        (34, P(Promise::ClosedRefuses), &[Kind::UseAfterClose]),
        (35, P(Promise::NothingLeft), &[Kind::Residue]),
        (36, P(Promise::NothingLeft), &[Kind::Residue]),
        (37, P(Promise::LimitsHold), &[Kind::LimitExceeded]),
        (41, P(Promise::NothingLeft), &[Kind::Residue]),
        (42, P(Promise::UsersIsolated), &[Kind::ContextLeak]),
        (43, P(Promise::GrowthBounded), &[Kind::UnboundedGrowth]),
        (45, P(Promise::AccountsTrue), &[Kind::FalseAccounting]),
        (46, P(Promise::AccountsTrue), &[Kind::FalseAccounting]),
        (
            47,
            P(Promise::ReconnectsLoseNothing),
            &[Kind::EventMissing, Kind::EventDuplicated],
        ),
        (48, P(Promise::UpdatesReachAll), &[Kind::EventMissing]),
    ]
};
