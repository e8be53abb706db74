use super::{
    accounts_true, attestations_true, clean_up_isolated, closed_refuses, contexts_immutable,
    deprecated_refused, events_complete, failures_told, golden_path, growth_bounded, identity_validated,
    limits_hold, no_aliasing, nothing_left, reconnects, states_agree, unique_instances, updates_reach_all,
    users_isolated,
};
use crate::conformance::bench::{Bench, Needed};
use crate::conformance::{Conformance, Promise, Subject};
use crate::isolation::Check;

/// The check of a promise, ready to run.
pub(crate) fn check<S: Subject>(of: &Conformance<S>, promise: Promise, needed: &Needed) -> Check<Bench<S>> {
    let needed = needed.clone();
    match promise {
        Promise::UsersIsolated => users_isolated::check(of),
        Promise::UniqueInstances => unique_instances::check(of, needed),
        Promise::NoAliasing => no_aliasing::check(of, needed),
        Promise::IdentityValidated => identity_validated::check(of),
        Promise::ContextsImmutable => contexts_immutable::check(of, needed),
        Promise::DeprecatedRefused => deprecated_refused::check(of, needed),
        Promise::EventsComplete => events_complete::check(of),
        Promise::ReconnectsLoseNothing => reconnects::check(of, needed),
        Promise::UpdatesReachAll => updates_reach_all::check(of, needed),
        Promise::FailuresTold => failures_told::check(of, needed),
        Promise::NothingLeft => nothing_left::check(of, needed),
        Promise::CleanUpIsolated => clean_up_isolated::check(of),
        Promise::LimitsHold => limits_hold::check(of, needed),
        Promise::ClosedRefuses => closed_refuses::check(of),
        Promise::GrowthBounded => growth_bounded::check(of, needed),
        Promise::AccountsTrue => accounts_true::check(of, needed),
        Promise::AttestationsTrue => attestations_true::check(of, needed),
        Promise::StatesAgree => states_agree::check(of, needed),
        Promise::GoldenPath => golden_path::check(of),
    }
}
