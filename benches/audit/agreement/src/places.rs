//! What the audit says, by place.

use std::collections::BTreeMap;

use ssot_audit::{Reached, Reference};

/// What the audit says of each path: once for each target that has the file.
pub(crate) struct Places(BTreeMap<String, BTreeMap<usize, Vec<Reached>>>);

impl Places {
    pub(crate) fn of(references: Vec<Reference>) -> Self {
        let mut places: BTreeMap<String, BTreeMap<usize, Vec<Reached>>> = BTreeMap::new();
        for reference in references {
            let file = places.entry(reference.file).or_default();
            let known = file.entry(reference.at).or_default();
            if !known.contains(&reference.reached) {
                known.push(reference.reached);
            }
        }
        Self(places)
    }

    pub(crate) fn files(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    pub(crate) fn at(&self, file: &str, at: usize) -> Option<&Vec<Reached>> {
        self.0.get(file)?.get(&at)
    }
}
