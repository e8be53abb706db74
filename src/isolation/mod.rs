//! The check that users stay apart: what is set about it, its phases, and what it comes to.

mod actions;
#[cfg(feature = "postgres")]
mod beside;
mod builder;
mod check;
mod inspect;
mod invariant;
#[cfg(feature = "postgres")]
mod looks_beside;
mod plan;
mod scenario;
mod script_error;
mod served;
mod source;
mod typed_target;
mod typed_target_source;

pub use actions::{Action, Input};
#[cfg(feature = "postgres")]
pub(crate) use beside::Beside;
pub use builder::{Isolation, isolation, try_isolation};
pub use check::Check;
pub use plan::{Plan, PlanStrategy, plan};
pub use scenario::ScriptResult;
pub use script_error::ScriptError;

pub use crate::report::{Failure, FailureKind, Report, Verdict};
