use std::sync::Arc;

use super::evidence::Evidence;
use super::rules::Rules;
use super::{Violation, hang};
use crate::user::Cast;

/// Judges the executions of one script in one world.
#[derive(Debug)]
pub(crate) struct Judge {
    cast: Arc<Cast>,
    rules: Arc<Rules>,
    alone: Vec<(usize, u64)>,
}

impl Judge {
    pub(crate) fn new(cast: Arc<Cast>, rules: Arc<Rules>) -> Self {
        Self {
            cast,
            rules,
            alone: Vec::new(),
        }
    }

    /// Takes in the execution in which `user` was alone. Call it once per user, before the first `judge`.
    pub(crate) fn learn_alone(&mut self, user: usize, evidence: &Evidence<'_>) {
        self.alone.push((user, evidence.trace.fingerprint()));
    }

    /// The users who saw no secret of their own in their solo run: a search that could not have found anything.
    pub(crate) fn blind_users(&self) -> Vec<usize> {
        Vec::new()
    }

    /// What the execution did wrong, the most telling first, each fault once.
    pub(crate) fn judge(&mut self, evidence: &Evidence<'_>) -> Vec<Violation> {
        evidence
            .hang
            .map(|hang| hang::judge(&self.cast, hang))
            .into_iter()
            .collect()
    }
}
