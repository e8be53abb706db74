use super::panics::Panics;
use super::task_list::Tasks;
use crate::case::resources::Metrics;
use crate::trace::Recorder;

/// What the tasks and threads of a test do: which are alive, which panicked, and what was counted.
#[derive(Debug)]
pub(in crate::case) struct Activity {
    pub(in crate::case) tasks: Tasks,
    pub(in crate::case) panics: Panics,
    pub(in crate::case) metrics: Metrics,
}

impl Activity {
    /// `seen` is the recorder of the test's users.
    pub(in crate::case) fn new(seen: Recorder) -> Self {
        Self {
            tasks: Tasks::default(),
            panics: Panics::default(),
            metrics: Metrics::of(seen),
        }
    }
}
