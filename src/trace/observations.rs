use std::slice;

use super::Observation;

/// What one user observed, in order: an iterator over its observations.
#[derive(Clone, Debug)]
pub struct Observations<'t> {
    all: slice::Iter<'t, Observation>,
    viewer: usize,
}

impl<'t> Observations<'t> {
    pub(super) fn of(all: &'t [Observation], viewer: usize) -> Self {
        Self {
            all: all.iter(),
            viewer,
        }
    }
}

impl<'t> Iterator for Observations<'t> {
    type Item = &'t Observation;

    fn next(&mut self) -> Option<&'t Observation> {
        self.all.find(|seen| seen.viewer() == self.viewer)
    }
}
