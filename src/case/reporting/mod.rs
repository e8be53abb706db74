//! Whether a test passes, and what is printed of it.

mod classify;
mod model;
mod prove_between;
mod report;
mod verdict;

pub use prove_between::{Proof, prove_between};
pub use report::CaseReport;
pub(in crate::case) use verdict::verdict;
