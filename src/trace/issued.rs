//! Values that are others in every execution by their nature, and that users are given.

use std::sync::Arc;

use super::{Issued, Observation};

/// What was issued in an execution, each with the user who was given it first: it has a name in place of it where two executions are
/// compared.
#[derive(Clone, Debug, Default)]
pub(super) struct IssuedNames(Vec<(usize, Arc<str>)>);

impl IssuedNames {
    /// What is shorter is no value of chance, and stands in other text too.
    const SHORTEST: usize = 8;

    fn add(&mut self, viewer: usize, text: &Arc<str>) {
        if text.len() >= Self::SHORTEST && !self.0.iter().any(|(_, known)| known == text) {
            self.0.push((viewer, Arc::clone(text)));
        }
    }

    /// The observation with what was issued with it, and with a fingerprint that none of the values has a part in.
    pub(super) fn told_apart(
        &mut self,
        viewer: usize,
        seen: Observation,
        issued: Arc<[Issued]>,
    ) -> Observation {
        for Issued { text, .. } in &*issued {
            self.add(viewer, text);
        }
        if self.0.is_empty() {
            return seen;
        }
        let repeatable = self.replace_in(seen.text());
        seen.issuing(issued, &repeatable)
    }

    /// The text with a name in place of each of the values: whose it was first, and the how manyth of that user.
    fn replace_in(&self, text: &str) -> String {
        let mut replaced = text.to_owned();
        for (number, (viewer, value)) in self.0.iter().enumerate() {
            if replaced.contains(&**value) {
                let before = self.0[..number].iter().filter(|(other, _)| other == viewer);
                replaced = replaced.replace(&**value, &format!("[{viewer}:{}]", before.count()));
            }
        }
        replaced
    }
}
