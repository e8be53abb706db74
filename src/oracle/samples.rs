//! Violations for the tests of rooms that only show them.

use super::evidence::Hang;
use super::{Encoding, Kind, Violation, hang};
use crate::trace::Observation;
use crate::user::Population;

/// The viewer of the observation saw a secret of `owner`'s.
pub(crate) fn leak(
    population: &Population,
    observation: &Observation,
    owner: usize,
    secret: &str,
    encoding: Encoding,
) -> Violation {
    let detail = format!(
        "{} saw {}'s secret `{secret}` on the surface {}",
        population.identity(observation.viewer()).name(),
        population.identity(owner).name(),
        observation.surface()
    );
    Violation::seen(Kind::ContextLeak, population, observation, detail)
        .of(population, owner)
        .giving_away(secret.to_owned(), encoding)
}

/// The viewer of the observation saw an id of `owner`'s.
pub(crate) fn misattribution(population: &Population, observation: &Observation, owner: usize) -> Violation {
    let detail = format!(
        "{} was sent an event that names {}",
        population.identity(observation.viewer()).name(),
        population.identity(owner).name()
    );
    Violation::seen(Kind::Misattribution, population, observation, detail).of(population, owner)
}

/// The users wait for ever.
pub(crate) fn hang(population: &Population, users: Vec<usize>, step: u32, detail: &str) -> Violation {
    let detail = detail.to_owned();
    hang::violation(population, &Hang { detail, users, step })
}
