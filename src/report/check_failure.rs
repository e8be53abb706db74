use super::finding::Finding;
use super::refusal::{FailureKind, Refusal};
use crate::oracle::Violation;

/// Why a check did not pass.
#[derive(Debug)]
pub(crate) enum CheckFailure {
    /// Somebody saw what was not theirs.
    Violation(Box<Finding>),
    /// The check could not be carried out, or could not have found anything.
    Refused(Box<Refusal>),
}

impl CheckFailure {
    pub(crate) fn finding(&self) -> Option<&Finding> {
        match self {
            Self::Violation(finding) => Some(finding),
            Self::Refused(_) => None,
        }
    }

    pub(crate) fn kind(&self) -> FailureKind {
        match self {
            Self::Violation(_) => FailureKind::Violation,
            Self::Refused(refusal) => refusal.kind,
        }
    }

    /// What the oracles reported, the most telling first.
    pub(crate) fn violations(&self) -> &[Violation] {
        self.finding().map_or(&[], |finding| &finding.violations)
    }
}
