//! The check that users stay apart: what is set about it, its phases, and what it comes to.

mod actions;
mod alone;
mod baseline;
mod blocked;
mod builder;
mod check;
mod circumstances;
mod cold;
mod config;
mod confirm;
mod evidence;
mod explorer;
mod failure;
mod finish;
mod inspect;
mod invariant;
mod misuse;
mod orders;
mod phases;
mod plan;
mod random;
mod regressions;
mod replays;
mod report;
mod reproducer;
mod scenario;
mod script_error;
mod served;
mod shared;
mod source;
mod systematic;
mod target;
mod target_source;
mod thread;
mod vacuity;
mod verdict;
mod watch;

pub use actions::{Action, Input};
pub use builder::{Isolation, isolation, try_isolation};
pub use check::Check;
pub use failure::Failure;
pub use plan::{Plan, PlanStrategy, PlanTree, plan};
pub use report::Report;
pub use scenario::ScriptResult;
pub use script_error::ScriptError;

pub use crate::report::{FailureKind, OrdersSeen};

/// What a check comes to.
pub type Verdict = Result<Report, Failure>;
