use std::ops::RangeInclusive;
use std::sync::Arc;

use super::target::Target;
use crate::user::IdentityMode;

/// Where a plan that was drawn elsewhere belongs.
#[derive(Clone, Debug)]
pub(crate) struct PlanOf {
    pub(crate) identity_seed: u64,
    /// What tells the plans of one test from those of another.
    pub(crate) test: String,
}

/// What a check has its users do, with the types of the system and of its scenarios forgotten.
pub(crate) trait TargetSource: Send + Sync {
    fn fixed(&self) -> Option<(Arc<dyn Target>, Option<PlanOf>)>;
    fn draw(&self, seed: u64, identities: &[IdentityMode]) -> Result<Box<dyn TargetTree + '_>, String>;
    fn parse(&self, inputs: &str) -> Result<Arc<dyn Target>, String>;
    fn users(&self) -> RangeInclusive<usize>;
}

/// Generated inputs that can be made simpler, with the type of the system forgotten.
pub(crate) trait TargetTree {
    fn current(&self) -> (Arc<dyn Target>, u64);
    fn simplify(&mut self) -> bool;
    fn complicate(&mut self) -> bool;
}
