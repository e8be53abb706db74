//! The model of a test case's outcome: what was wrong, which clean-ups were run, what its phases took.

mod failure;
mod finding;
mod leftovers;
mod phase;
mod summary;

pub(crate) use failure::{Cleaned, CleanedWhat, TestFailure};
pub(crate) use finding::{Interruption, Late, Problem, TestFinding, UncaughtPanic};
pub(crate) use leftovers::{Leftovers, Lines};
pub(crate) use phase::TestPhase;
pub(crate) use summary::TestSummary;
