//! The check that users stay apart: what is set about it, its phases, and what it comes to.

mod actions;
mod alone;
mod blocked;
mod builder;
mod chance;
mod circumstances;
mod cold;
mod confirm;
mod evidence;
mod failure;
mod finding;
mod finish;
mod inspect;
mod kept;
mod knobs;
mod misuse;
mod orders;
mod phases;
mod plan;
mod program;
mod regressions;
mod render;
mod replays;
mod report;
mod scenario;
mod script_error;
mod search;
mod served;
mod shared;
mod sightings;
mod source;
mod subject;
mod subjects;
mod systematic;
mod test_path;
mod thread;
mod verdict;
mod ward;
mod watch;

pub use actions::{Action, Input};
pub use builder::{Check, Isolation, isolation, try_isolation};
pub use failure::{Failure, FailureKind};
pub use orders::OrdersSeen;
pub use plan::{Plan, PlanStrategy, PlanTree, plan};
pub use report::Report;
pub use scenario::ScriptResult;
pub use script_error::ScriptError;

/// What a check comes to.
pub type Verdict = Result<Report, Failure>;
