//! What a script finds out by itself is an observation, which an oracle turns into a violation.

use serde::{Deserialize, Serialize};

use crate::oracle::{ExecutionView, Kind, Oracle, Violation};
use crate::trace::{Surface, User};

/// The field by which a finding is known among the observations.
const FIELD: &str = "broken_promise";

#[derive(Serialize, Deserialize)]
struct Finding {
    broken_promise: String,
    detail: String,
}

/// Says that a promise is broken, as this user found out. `detail` is a sentence without a full stop.
pub(super) fn report(user: &User, kind: Kind, detail: impl Into<String>) {
    let finding = Finding {
        broken_promise: kind.as_str().to_owned(),
        detail: detail.into(),
    };
    user.saw(Surface::Metric, &finding);
}

/// Turns findings into violations.
pub(super) struct Findings;

impl Oracle for Findings {
    fn name(&self) -> &'static str {
        "findings of the script"
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let observations = execution.trace().observations().iter();
        observations
            .filter(|seen| seen.surface() == Surface::Metric && seen.text().contains(FIELD))
            .filter_map(|seen| {
                let finding: Finding = serde_json::from_str(seen.text()).ok()?;
                let kind = finding.broken_promise.parse().ok()?;
                Some(execution.violation_in(kind, seen, finding.detail))
            })
            .collect()
    }
}
