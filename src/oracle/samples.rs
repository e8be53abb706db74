//! Violations for the tests of rooms that only show them.

use std::collections::BTreeSet;

use super::evidence::Hang;
use super::text_search::SecretSearch;
use super::{Encoding, Kind, Rules, Violation, hang, identity, secrets};
use crate::trace::{Observation, Trace};
use crate::user::Population;

/// The viewer of the observation saw a secret of `owner`'s.
pub(crate) fn leak(
    population: &Population,
    observation: &Observation,
    owner: usize,
    secret: &str,
    encoding: Encoding,
) -> Violation {
    let violation = judged(population, observation)
        .into_iter()
        .find(|violation| violation.secret_name().as_deref() == Some(secret))
        .unwrap_or_else(|| panic!("{observation:?} gives no secret `{secret}` away"));
    assert_eq!(
        (violation.owner_index(), violation.encoding()),
        (Some(owner), Some(encoding))
    );
    violation
}

/// The viewer of the observation saw an id of `owner`'s.
pub(crate) fn misattribution(population: &Population, observation: &Observation, owner: usize) -> Violation {
    let detail = format!(
        "{} was sent an event that names {}",
        population.identity(observation.viewer()).name(),
        population.identity(owner).name()
    );
    let judged = judged(population, observation);
    let spans = judged
        .iter()
        .filter(|violation| violation.secret().is_none() && violation.owner_index() == Some(owner))
        .flat_map(Violation::spans)
        .map(|(observation, range)| (observation.clone(), range));
    Violation::seen(Kind::Misattribution, population, observation, detail)
        .of(population, owner)
        .shown_by(spans.take(1))
}

/// What the oracles of secrets say of what one user saw on one surface.
pub(crate) fn judged_together(population: &Population, seen: &[Observation]) -> Vec<Violation> {
    let (rules, mut search) = (Rules::default(), SecretSearch::new(population));
    search.refresh(population);
    let trace = Trace::new(seen.to_vec(), Vec::new());
    let streams = trace.streams(|_| true);
    secrets::judge(population, &rules, &mut search, &streams[0], &mut BTreeSet::new())
}

/// What the oracles of secrets and ids say of one observation.
pub(crate) fn judged(population: &Population, observation: &Observation) -> Vec<Violation> {
    let (rules, mut search) = (Rules::default(), SecretSearch::new(population));
    search.refresh(population);
    let mut violations = secrets::judge_alone(population, &rules, &mut search, observation);
    violations.extend(identity::judge_alone(
        population,
        &rules,
        &mut search,
        &identity::Coincidences::default(),
        observation,
    ));
    violations
}

/// The users wait for ever.
pub(crate) fn hang(population: &Population, users: Vec<usize>, step: u32, detail: &str) -> Violation {
    let detail = detail.to_owned();
    hang::violation(population, &Hang { detail, users, step })
}
