//! What a script finds out by itself is a fact, which an oracle turns into a violation.

use crate::oracle::{ExecutionView, Kind, Oracle, Violation};
use crate::trace::User;

struct Finding {
    kind: Kind,
    detail: String,
}

/// Says that a promise is broken, as this user found out. `detail` is a sentence without a full stop.
pub(super) fn report(user: &User, kind: Kind, detail: impl Into<String>) {
    user.tell(Finding {
        kind,
        detail: detail.into(),
    });
}

/// Turns findings into violations.
pub(super) struct Findings;

impl Oracle for Findings {
    fn name(&self) -> &'static str {
        "findings of the script"
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let facts = execution.trace().facts().iter();
        facts
            .filter_map(|fact| {
                let finding: &Finding = fact.get()?;
                Some(execution.violation_told(finding.kind, fact, finding.detail.as_str()))
            })
            .collect()
    }
}
