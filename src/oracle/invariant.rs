//! What has to hold after every execution, by closures that the test gives.

use super::evidence::BrokenInvariant;
use super::{ExecutionView, Kind, Oracle, Violation};

pub(super) struct Invariants;

impl Oracle for Invariants {
    fn name(&self) -> &'static str {
        "invariants"
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let broken = execution.evidence.broken.iter();
        broken
            .map(|BrokenInvariant { name, panic }| {
                let detail = match panic {
                    None => format!("the invariant `{name}` does not hold after the execution"),
                    Some(panic) => format!("the invariant `{name}` panicked after the execution: {panic}"),
                };
                execution
                    .violation(Kind::InconsistentState, detail)
                    .ruled_by(name)
            })
            .collect()
    }
}
