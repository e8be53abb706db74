//! The test case: what `#[ssot_harness::test]` runs a test in.

mod body;
mod error;
pub(crate) mod expanded;
mod expect;
mod handle;
mod meta;
mod outcome;
mod run;
mod test_case;

pub use error::{CaseError, CaseResult};
pub use handle::Case;
pub use test_case::SsotAsyncTestCase;
