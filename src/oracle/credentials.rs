//! No user may be handed what lets it act as another: a session cookie, a token.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::evidence::Evidence;
use super::rules::Rules;
use super::{Kind, Violation};
use crate::trace::{Issued, Observation};
use crate::user::Population;

/// The credentials that users are given when nobody else is there. One that is the same for everybody in every execution lets nobody
/// act as another.
#[derive(Debug, Default)]
pub(super) struct Constants(HashSet<(usize, Arc<str>)>);

impl Constants {
    /// Takes in a solo run of `user`.
    pub(super) fn learn(&mut self, user: usize, evidence: &Evidence<'_>) {
        let observations = evidence.trace.observations().iter();
        let own = observations.filter(|seen| seen.viewer() == user);
        let credentials = own.flat_map(credentials);
        self.0
            .extend(credentials.map(|issued| (user, Arc::clone(&issued.text))));
    }

    /// Takes in an execution in which the users came one after another: what several of them are given is given to all.
    pub(super) fn learn_together(&mut self, users: usize, evidence: &Evidence<'_>) {
        let mut holders: HashMap<&Arc<str>, BTreeSet<usize>> = HashMap::new();
        for seen in evidence.trace.observations() {
            for issued in credentials(seen) {
                holders.entry(&issued.text).or_default().insert(seen.viewer());
            }
        }
        let common = holders.into_iter().filter(|(_, holders)| holders.len() > 1);
        for (text, _) in common {
            self.0.extend((0..users).map(|user| (user, Arc::clone(text))));
        }
    }
}

fn credentials(seen: &Observation) -> impl Iterator<Item = &Issued> {
    seen.issued().iter().filter(|issued| issued.is_credential)
}

/// The credentials that somebody saw after another user had been given them; each user and owner once.
pub(super) fn judge(
    population: &Population,
    rules: &Rules,
    constants: &Constants,
    evidence: &Evidence<'_>,
) -> Vec<Violation> {
    let mut owners: Vec<(&Issued, usize)> = Vec::new();
    let mut found = BTreeSet::new();
    let mut violations = Vec::new();
    let observations = evidence.trace.observations().iter();
    for seen in observations.filter(|seen| rules.cover(seen)) {
        let viewer = seen.viewer();
        for &(issued, owner) in owners.iter().filter(|(_, owner)| *owner != viewer) {
            let Some(start) = seen.text().find(&*issued.text) else {
                continue;
            };
            if constants.0.contains(&(viewer, Arc::clone(&issued.text)))
                || rules.is_shared(seen, owner)
                || !found.insert((viewer, owner))
            {
                continue;
            }
            let [viewer, name] = [viewer, owner].map(|user| population.identity(user).name());
            let detail = format!(
                "{viewer} saw, on the surface {}, the credential `{}` that {name} had been given: whoever has it acts as {name}",
                seen.surface(),
                issued.name
            );
            let range = start..start + issued.text.len();
            let violation = Violation::seen(Kind::ContextLeak, population, seen, detail);
            violations.push(violation.of(population, owner).shown_by([(seen.clone(), range)]));
        }
        for issued in credentials(seen) {
            if !owners.iter().any(|(known, _)| known.text == issued.text) {
                owners.push((issued, viewer));
            }
        }
    }
    violations
}
