//! What a test needs: `use ssot_harness::prelude::*`.
//!
//! The attribute `test` is left out, so that a plain `#[test]` keeps its meaning.

pub use crate::case::{Case, CaseError, CaseResult, SsotAsyncTestCase};
pub use crate::isolation::{
    Action, Check, Failure, FailureKind, Input, Isolation, Plan, Report, ScriptResult, Verdict, isolation,
    plan, try_isolation,
};
pub use crate::logs::{Level, Logs};
pub use crate::oracle::{Kind, Violation};
#[cfg(feature = "reference")]
pub use crate::reference::LegacyKind as _;
pub use crate::trace::{Observation, Observer, Surface, User};
pub use crate::user::{IdentityMode, UserContext};

pub use async_trait::async_trait;
