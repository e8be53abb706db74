//! Whether two executions took the same course.

use super::target::ExecutionRecord;
use crate::trace::Observation;

/// Whether two solo runs of a user did the same and showed the same.
pub(super) fn is_repeated(one: &ExecutionRecord, other: &ExecutionRecord) -> bool {
    same_course(one, other) && one.trace.fingerprint() == other.trace.fingerprint()
}

/// Whether two solo runs of a user took the same steps, and showed the same number of things on each surface.
pub(super) fn same_course(one: &ExecutionRecord, other: &ExecutionRecord) -> bool {
    let surfaces = |record: &ExecutionRecord| -> Vec<_> {
        let mut surfaces: Vec<_> = record
            .trace
            .observations()
            .iter()
            .map(Observation::surface)
            .collect();
        surfaces.sort();
        surfaces
    };
    one.run.decisions() == other.run.decisions() && surfaces(one) == surfaces(other)
}
