//! No user may see another user's secret, in any form.

use std::collections::BTreeSet;

use super::rules::Rules;
use super::search::{Search, SecretSeen};
use super::{Form, Kind, Violation, chunks};
use crate::trace::{Lane, Observation};
use crate::user::Cast;

/// The secrets of others in what one user saw on one surface.
///
/// Adds the places of the observations that show them to `blamed`; where a secret came in chunks, those of all
/// observations up to the one that completes it.
pub(super) fn judge(
    cast: &Cast,
    rules: &Rules,
    search: &mut Search,
    lane: &Lane<'_>,
    blamed: &mut BTreeSet<usize>,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (place, observation) in lane.observations().iter().enumerate() {
        let leaks = judge_alone(cast, rules, search, observation);
        if !leaks.is_empty() {
            blamed.insert(place);
        }
        violations.extend(leaks);
    }
    for (seen, place) in in_chunks(search, lane) {
        let observation = lane.observations()[place];
        let owner = search.secret(seen.secret).owner();
        let is_known = violations
            .iter()
            .any(|violation| violation.owner_index() == Some(owner));
        if is_foreign(rules, search, observation, seen) && !is_known {
            blamed.extend(0..=place);
            violations.push(leak(cast, search, observation, seen, Form::Chunks));
        }
    }
    violations
}

/// The secrets of others in one observation by itself.
pub(super) fn judge_alone(
    cast: &Cast,
    rules: &Rules,
    search: &mut Search,
    observation: &Observation,
) -> Vec<Violation> {
    let exposure = search.exposure(observation);
    let foreign = exposure
        .secrets
        .iter()
        .filter(|&&seen| is_foreign(rules, search, observation, seen));
    foreign
        .map(|&seen| leak(cast, search, observation, seen, form(seen)))
        .collect()
}

/// Whether the observation's viewer has no right to the secret.
fn is_foreign(rules: &Rules, search: &Search, observation: &Observation, seen: SecretSeen) -> bool {
    let secret = search.secret(seen.secret);
    !secret.is_of(observation.viewer())
        && !secret
            .owners()
            .iter()
            .any(|&owner| rules.is_shared(observation, owner))
}

/// Whether the observation shows another user's secret that is shared on purpose.
pub(super) fn shows_shared(rules: &Rules, search: &mut Search, observation: &Observation) -> bool {
    let exposure = search.exposure(observation);
    exposure.secrets.iter().any(|seen| {
        let secret = search.secret(seen.secret);
        !secret.is_of(observation.viewer())
            && secret
                .owners()
                .iter()
                .any(|&owner| rules.is_shared(observation, owner))
    })
}

/// True where the lane shows its viewer a secret of the viewer's own, in what nobody declared to be shared.
pub(super) fn shows_own(rules: &Rules, search: &mut Search, lane: &Lane<'_>) -> bool {
    let viewer = lane.viewer();
    let observations = lane
        .observations()
        .iter()
        .filter(|observation| !rules.is_shared(observation, viewer));
    let mut seen: Vec<_> = observations
        .flat_map(|observation| search.exposure(observation).secrets.clone())
        .collect();
    seen.extend(in_chunks(search, lane).into_iter().map(|(seen, _)| seen));
    seen.into_iter()
        .any(|seen| search.secret(seen.secret).is_of(viewer))
}

/// What shows where chunks are put together, each with the place of the observation that completes it.
fn in_chunks(search: &Search, lane: &Lane<'_>) -> Vec<(SecretSeen, usize)> {
    let mut found = Vec::new();
    for stream in chunks::streams(lane) {
        for seen in search.secrets_in(stream.text()) {
            let shows = |text: &[u8]| {
                search
                    .secrets_in(text)
                    .iter()
                    .any(|part| part.secret == seen.secret)
            };
            found.push((seen, stream.completed_by(shows)));
        }
    }
    found
}

fn form(seen: SecretSeen) -> Form {
    if seen.form == Form::Plain && !seen.is_whole() {
        Form::Part
    } else {
        seen.form
    }
}

fn leak(cast: &Cast, search: &Search, observation: &Observation, seen: SecretSeen, form: Form) -> Violation {
    let secret = search.secret(seen.secret);
    let viewer = cast.member(observation.viewer()).name();
    let owner = cast.member(secret.owner()).name();
    let part = if seen.is_whole() { "" } else { "part of " };
    let how = match form {
        Form::Plain | Form::Part => String::new(),
        Form::Chunks => String::from(", in chunks"),
        encoded => format!(", {encoded}"),
    };
    let detail = format!(
        "{viewer} saw {part}{owner}'s secret `{}` on the surface {}{how}",
        secret.name(),
        observation.surface()
    );
    Violation::seen(Kind::ContextLeak, cast, observation, detail)
        .of(cast, secret.owner())
        .giving_away(secret.name(), form)
}
