//! The check of each promise.

mod accounts_true;
mod attestations_true;
mod check;
mod clean_up_isolated;
mod closed_refuses;
mod contexts_immutable;
mod deprecated_refused;
mod events_complete;
mod failures_told;
mod golden_path;
mod growth_bounded;
mod identity_validated;
mod limits_hold;
mod no_aliasing;
mod nothing_left;
mod reconnects;
mod states_agree;
mod unique_instances;
mod updates_reach_all;
mod users_isolated;

pub(super) use check::check;
