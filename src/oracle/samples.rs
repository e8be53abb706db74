//! Violations for the tests of rooms that only show them.

use super::evidence::Hang;
use super::{Form, Kind, Violation, hang};
use crate::trace::Observation;
use crate::user::Cast;

/// The viewer of the observation saw a secret of `owner`'s.
pub(crate) fn leak(
    cast: &Cast,
    observation: &Observation,
    owner: usize,
    secret: &str,
    form: Form,
) -> Violation {
    let detail = format!(
        "{} saw {}'s secret `{secret}` on the surface {}",
        cast.member(observation.viewer()).name(),
        cast.member(owner).name(),
        observation.surface()
    );
    Violation::seen(Kind::ContextLeak, cast, observation, detail)
        .of(cast, owner)
        .giving_away(secret.to_owned(), form)
}

/// The viewer of the observation saw an id of `owner`'s.
pub(crate) fn misattribution(cast: &Cast, observation: &Observation, owner: usize) -> Violation {
    let detail = format!(
        "{} was sent an event that names {}",
        cast.member(observation.viewer()).name(),
        cast.member(owner).name()
    );
    Violation::seen(Kind::Misattribution, cast, observation, detail).of(cast, owner)
}

/// The users wait for ever.
pub(crate) fn hang(cast: &Cast, users: Vec<usize>, step: u32, detail: &str) -> Violation {
    let detail = detail.to_owned();
    hang::judge(cast, &Hang { detail, users, step })
}
