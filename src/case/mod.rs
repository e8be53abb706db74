//! The test case: what `#[ssot_harness::test]` runs a test in.

mod api;
mod environment;
pub(crate) mod expanded;
mod phases;
mod process;
mod reporting;
mod resources;
mod returned;
mod runner;
mod state;
mod stderr;
mod tasks;

pub use crate::cause::Cause;
pub use api::{Case, Env, SsotAsyncTestCase};
pub use reporting::{CaseReport, Proof, prove_between};
pub use resources::{Clock, ClockError, ConfigError, Metrics, NeverHeld, Probe};
pub use returned::{CaseError, CaseResult, CleanedUp, NotProven, Success};
pub use tasks::Task;
