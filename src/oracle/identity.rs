//! No user may see another user's identity.

use std::collections::{BTreeSet, HashSet};

use super::rules::Rules;
use super::text_search::SecretSearch;
use super::text_search::{Id, Place};
use super::{Kind, Violation};
use crate::trace::{Observation, Stream};
use crate::user::{IdentityMode, Population};

/// Ids that users saw when nobody else was there.
///
/// Look-alike ids can be guessed: a system that numbers its own runs comes to `run-1` without ever having heard of the
/// user whose run that is. What a user saw alone names nobody to that user. Random ids cannot be come by in this way,
/// and are never excused.
#[derive(Debug, Default)]
pub(super) struct Coincidences(HashSet<(usize, Id)>);

impl Coincidences {
    /// Takes in a lane of the solo run of its viewer.
    pub(super) fn learn(&mut self, population: &Population, search: &mut SecretSearch, stream: &Stream<'_>) {
        if population.mode() != IdentityMode::LookAlike {
            return;
        }
        for observation in stream.observations() {
            let exposure = search.exposure(observation);
            self.0
                .extend(exposure.ids.iter().map(|&(id, _)| (stream.viewer(), id)));
        }
    }
}

/// The ids of others in what one user saw on one surface; adds the places of the observations that show them to
/// `blamed`.
pub(super) fn judge(
    population: &Population,
    rules: &Rules,
    search: &mut SecretSearch,
    coincidences: &Coincidences,
    stream: &Stream<'_>,
    blamed: &mut BTreeSet<usize>,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (place, observation) in stream.observations().iter().enumerate() {
        let named = judge_alone(population, rules, search, coincidences, observation);
        if !named.is_empty() {
            blamed.insert(place);
        }
        violations.extend(named);
    }
    violations
}

/// The ids of others in one observation by itself.
pub(super) fn judge_alone(
    population: &Population,
    rules: &Rules,
    search: &mut SecretSearch,
    coincidences: &Coincidences,
    observation: &Observation,
) -> Vec<Violation> {
    let viewer = observation.viewer();
    let exposure = search.exposure(observation);
    let foreign = exposure
        .ids
        .iter()
        .filter(|(id, _)| id.owner != viewer && !coincidences.0.contains(&(viewer, *id)))
        .filter(|(id, _)| !rules.is_shared(observation, id.owner));
    foreign
        .map(|&(id, place)| {
            let range = search.locate_id(observation.text().as_bytes(), (id, place));
            violation(population, observation, id, place)
                .shown_by(range.map(|range| (observation.clone(), range)))
        })
        .collect()
}

/// Whether the observation shows another user's id that is shared on purpose.
pub(super) fn shows_shared(rules: &Rules, search: &mut SecretSearch, observation: &Observation) -> bool {
    let viewer = observation.viewer();
    let exposure = search.exposure(observation);
    let mut foreign = exposure.ids.iter().filter(|(id, _)| id.owner != viewer);
    foreign.any(|(id, _)| rules.is_shared(observation, id.owner))
}

fn violation(population: &Population, observation: &Observation, id: Id, place: Place) -> Violation {
    let viewer = population.identity(observation.viewer()).name();
    let owner = population.identity(id.owner).name();
    let (kind, what) = match place {
        Place::Label => (Kind::Misattribution, "was handed, on the surface"),
        Place::Within => (Kind::ContextLeak, "saw, within other text on the surface"),
    };
    let detail = format!(
        "{viewer} {what} {}, {owner}'s {}",
        observation.surface(),
        id.kind.as_str()
    );
    Violation::seen(kind, population, observation, detail).of(population, id.owner)
}
