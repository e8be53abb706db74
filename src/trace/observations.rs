use serde_json::Value;

use super::{Observation, Trace};

/// What one user observed, in order: an iterator over its observations.
#[derive(Clone, Debug)]
pub struct Observations<'t> {
    trace: &'t Trace,
    /// How many of the trace have been passed.
    passed: usize,
    viewer: usize,
}

impl<'t> Observations<'t> {
    pub(super) fn of(trace: &'t Trace, viewer: usize) -> Self {
        Self {
            trace,
            passed: 0,
            viewer,
        }
    }

    /// What is left of them as JSON, without what changes from run to run; see [`Trace::redacted`].
    #[must_use]
    pub fn redacted(self) -> Value {
        let mut redactor = self.trace.redactor();
        self.map(|seen| redactor.observation(seen)).collect()
    }

    #[cfg(feature = "insta")]
    pub(crate) fn trace(&self) -> &'t Trace {
        self.trace
    }
}

impl<'t> Iterator for Observations<'t> {
    type Item = &'t Observation;

    fn next(&mut self) -> Option<&'t Observation> {
        let left = &self.trace.observations()[self.passed..];
        let index = left.iter().position(|seen| seen.viewer() == self.viewer)?;
        self.passed += index + 1;
        left.get(index)
    }
}
