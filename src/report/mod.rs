//! What is known of the outcome of a check or a test case: the model that the report is printed from, as text or as JSON.

mod caveat;
mod check_failure;
mod check_report;
mod failure;
mod finding;
mod folding;
mod format;
mod json;
mod origin;
mod outcome;
mod passed;
mod program;
mod refusal;
mod rows;
#[cfg(test)]
mod samples;
mod spans;
mod test_case;
mod test_path;
mod text;
mod thread_state;

pub(crate) use caveat::Caveat;
pub(crate) use check_failure::CheckFailure;
pub use check_report::{Report, Verdict};
pub use failure::Failure;
pub(crate) use finding::{Finding, Nondeterminism, OrdersSeen, SearchSummary, Settled, Shrinking, Unseen};
pub(crate) use format::{Format, printed};
pub(crate) use json::to_json;
pub(crate) use origin::{FoundBy, Phase, Portion};
pub(crate) use outcome::Outcome;
pub(crate) use passed::Passed;
pub use refusal::FailureKind;
pub(crate) use refusal::Refusal;
pub(crate) use test_case::{
    Cleaned, CleanedWhat, Interruption, Late, Leftovers, Lines, Problem, TestFailure, TestFinding, TestPhase,
    TestSummary, UncaughtPanic,
};
pub(crate) use test_path::{TestPath, package_root};
pub(crate) use thread_state::ThreadState;
