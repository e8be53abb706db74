//! What a report has found.

use ssot_audit::{Audit, Confidence, Report, Rule};

/// Where a report's findings stand, with their rules and how sure they are, without notes.
pub(super) fn places(report: &Report) -> Vec<(Rule, Confidence, &str, &str)> {
    report
        .failing()
        .map(|finding| {
            (
                finding.rule,
                finding.confidence,
                &*finding.place,
                &*finding.target,
            )
        })
        .collect()
}

pub(super) fn run(audit: Audit) -> Report {
    audit.run().expect("the rules fit the workspace")
}
