//! No user may see another user's secret, in any form.

use std::collections::BTreeSet;
use std::ops::Range;

use super::rules::Rules;
use super::text_search::Traced;
use super::text_search::{SecretSearch, SecretSeen};
use super::{Encoding, Kind, Violation, text_search};
use crate::trace::{Observation, Stream, Surface};
use crate::user::Population;

/// The secrets of others in what one user saw on one surface.
///
/// Adds the places of the observations that show them to `blamed`; where a secret came in chunks, those of all
/// observations up to the one that completes it.
pub(super) fn judge(
    population: &Population,
    rules: &Rules,
    search: &mut SecretSearch,
    stream: &Stream<'_>,
    blamed: &mut BTreeSet<usize>,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (place, observation) in stream.observations().iter().enumerate() {
        let leaks = judge_alone(population, rules, search, observation);
        if !leaks.is_empty() {
            blamed.insert(place);
        }
        violations.extend(leaks);
    }
    for (seen, place) in in_chunks(search, stream) {
        let observation = stream.observations()[place];
        let owner = search.secret(seen.secret).owner();
        let is_known = violations
            .iter()
            .any(|violation| violation.owner_index() == Some(owner));
        if is_foreign(rules, search, observation, seen) && !is_known {
            blamed.extend(0..=place);
            let leak = leak(population, search, observation, seen, Encoding::Chunks);
            violations.push(leak.shown_by(spans(search, stream, seen, place)));
        }
    }
    violations
}

/// The secrets of others in one observation by itself.
pub(super) fn judge_alone(
    population: &Population,
    rules: &Rules,
    search: &mut SecretSearch,
    observation: &Observation,
) -> Vec<Violation> {
    let exposure = search.exposure(observation);
    let foreign = exposure
        .secrets
        .iter()
        .filter(|&&seen| is_foreign(rules, search, observation, seen));
    foreign
        .map(|&seen| {
            let place = search.locate_secret(observation.text().as_bytes(), seen, |_| true);
            leak(population, search, observation, seen, encoding(seen))
                .shown_by(place.map(|place| (observation.clone(), place)))
        })
        .collect()
}

/// Whether the observation has no right to show the secret.
fn is_foreign(rules: &Rules, search: &SecretSearch, observation: &Observation, seen: SecretSeen) -> bool {
    let secret = search.secret(seen.secret);
    let is_refused = rules.secretless_logs && observation.surface() == Surface::Log;
    (is_refused || !secret.is_of(observation.viewer()))
        && !secret
            .owners()
            .iter()
            .any(|&owner| rules.is_shared(observation, owner))
}

/// Whether the observation shows another user's secret that is shared on purpose.
pub(super) fn shows_shared(rules: &Rules, search: &mut SecretSearch, observation: &Observation) -> bool {
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
pub(super) fn shows_own(rules: &Rules, search: &mut SecretSearch, stream: &Stream<'_>) -> bool {
    let viewer = stream.viewer();
    let observations = stream
        .observations()
        .iter()
        .filter(|observation| !rules.is_shared(observation, viewer));
    let mut seen: Vec<_> = observations
        .flat_map(|observation| search.exposure(observation).secrets.clone())
        .collect();
    seen.extend(in_chunks(search, stream).into_iter().map(|(seen, _)| seen));
    seen.into_iter()
        .any(|seen| search.secret(seen.secret).is_of(viewer))
}

/// What shows where chunks are put together, each with the place of the observation that completes it.
fn in_chunks(search: &SecretSearch, stream: &Stream<'_>) -> Vec<(SecretSeen, usize)> {
    let mut found = Vec::new();
    for chunks in text_search::streams::<Vec<u8>>(stream) {
        for seen in search.secrets_in(chunks.text()) {
            let shows = |text: &[u8]| {
                search
                    .secrets_in(text)
                    .iter()
                    .any(|part| part.secret == seen.secret)
            };
            found.push((seen, chunks.completed_by(shows)));
        }
    }
    found
}

/// The ranges that a secret in chunks, completed by the observation at `place`, takes in each of the observations.
fn spans(
    search: &SecretSearch,
    stream: &Stream<'_>,
    seen: SecretSeen,
    place: usize,
) -> Vec<(Observation, Range<usize>)> {
    let spans = text_search::streams::<Traced>(stream)
        .into_iter()
        .find_map(|chunks| {
            let completes =
                |range: &Range<usize>| chunks.spans(range).any(|(observation, _)| observation == place);
            let range = search.locate_secret(chunks.text(), seen, completes)?;
            completes(&range).then(|| chunks.spans(&range).collect::<Vec<_>>())
        });
    let spans = spans.unwrap_or_default().into_iter();
    spans
        .map(|(observation, range)| (stream.observations()[observation].clone(), range))
        .collect()
}

fn encoding(seen: SecretSeen) -> Encoding {
    if seen.encoding == Encoding::Plain && !seen.is_whole() {
        Encoding::Part
    } else {
        seen.encoding
    }
}

fn leak(
    population: &Population,
    search: &SecretSearch,
    observation: &Observation,
    seen: SecretSeen,
    encoding: Encoding,
) -> Violation {
    let secret = search.secret(seen.secret);
    let viewer = population.identity(observation.viewer()).name();
    let owner = population.identity(secret.owner()).name();
    let is_own = secret.owner() == observation.viewer();
    let part = if seen.is_whole() { "" } else { "part of " };
    let how = match encoding {
        Encoding::Plain | Encoding::Part => String::new(),
        Encoding::Chunks => String::from(", in chunks"),
        encoded => format!(", {encoded}"),
    };
    let name = secret.name();
    let detail = if is_own {
        format!("what is logged for {viewer} shows {part}{owner}'s secret `{name}`{how}")
    } else {
        let surface = observation.surface();
        format!("{viewer} saw {part}{owner}'s secret `{name}` on the surface {surface}{how}")
    };
    Violation::seen(Kind::ContextLeak, population, observation, detail)
        .of(population, secret.owner())
        .giving_away(secret, encoding)
}
