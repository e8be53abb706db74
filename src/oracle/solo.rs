//! With others present, a user must see what it sees alone.

use std::collections::{BTreeSet, HashSet};

use super::evidence::ScriptOutcome;
use super::likeness::{self, Likeness};
use super::noise::{LeftOut, Noise};
use super::rules::Rules;
use super::{Kind, Violation};
use crate::digest::Digest;
use crate::trace::{Interner, Observation, Stream, Surface};
use crate::user::Population;

/// So many characters of an observation are shown where it differs.
const SHOWN: usize = 120;

/// The most solo runs of one user that are kept, each of which shows something that the user can see alone.
const RECORDS: usize = 64;

/// One user's solo runs.
#[derive(Debug)]
pub(super) struct Alone {
    /// The first is the baseline, which differences are shown against. Never empty.
    records: Vec<Record>,
    noise: Noise,
}

/// One solo run.
#[derive(Debug)]
struct Record {
    script_outcome: ScriptOutcome,
    streams: Vec<(Surface, Vec<Observation>)>,
}

/// How much of what a user sees alone it has to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Everything.
    Whole,
    /// Nothing else, but not all of it: the user did not come to the end.
    Beginning,
    /// The same of its first observations, so many: then its call was dropped, and what came after is nobody's doing.
    First(usize),
    /// Nothing else, in the same order; a refusal that is declared stands for what is missing.
    Some,
}

/// Where a lane leaves the solo run.
#[derive(Clone, Debug)]
pub(super) struct Difference<'a> {
    /// The place in the lane.
    pub(super) place: usize,
    alone: Option<&'a Observation>,
    here: Option<&'a Observation>,
    /// The JSON pointer of the value that differs.
    pointer: String,
}

/// What a comparison needs to know beside the two lanes.
#[derive(Clone, Copy)]
pub(super) struct Comparison<'c> {
    pub(super) population: &'c Population,
    pub(super) viewer: usize,
    pub(super) rules: &'c Rules,
    /// The digests of observations, of those under comparison, that are declared.
    pub(super) declared: &'c HashSet<u64>,
}

impl Alone {
    pub(super) fn new(script_outcome: ScriptOutcome, streams: &[&Stream<'_>]) -> Self {
        Self {
            records: vec![Record::new(script_outcome, streams)],
            noise: Noise::default(),
        }
    }

    /// Takes in another solo run under the same schedule: what differs from the first is left out of every comparison. True
    /// where something is new.
    pub(super) fn learn_noise(
        &mut self,
        population: &Population,
        viewer: usize,
        script_outcome: &ScriptOutcome,
        streams: &[&Stream<'_>],
    ) -> bool {
        let again = Record::new(script_outcome.clone(), streams);
        let first = &self.records[0];
        let mut is_new = !self.noise.ending && end(&first.script_outcome) != end(script_outcome);
        self.noise.ending |= is_new;
        let surfaces: BTreeSet<_> = first.surfaces().chain(again.surfaces()).collect();
        for surface in surfaces {
            let (one, other) = (first.seen_on(surface), again.seen_on(surface));
            if one.len() != other.len() {
                is_new |= self.noise.leave_out(surface);
                continue;
            }
            let (mut of_one, mut of_other) = (
                Interner::new(population, viewer),
                Interner::new(population, viewer),
            );
            for (place, (one, other)) in one.iter().zip(other).enumerate() {
                let (one, other) = (
                    of_one.intern(&one.repeatable_value()),
                    of_other.intern(&other.repeatable_value()),
                );
                is_new |= self.noise.learn(surface, place, &one, &other);
            }
        }
        is_new
    }

    /// Whether something differed between solo runs.
    pub(super) fn is_noisy(&self) -> bool {
        !self.noise.is_empty()
    }

    /// A digest of what the user sees in a stream, interned, without what differs between solo runs.
    pub(super) fn digest(&self, population: &Population, stream: &Stream<'_>) -> u64 {
        let (viewer, surface) = (stream.viewer(), stream.surface());
        let digest = Digest::new().word(viewer as u64).word(surface as u64);
        if self.noise.leaves_out(surface) {
            return digest.finish();
        }
        let mut interner = Interner::new(population, viewer);
        let observations = stream.observations().iter().enumerate();
        observations
            .fold(digest, |digest, (place, observation)| {
                let mut value = interner.intern(&observation.repeatable_value());
                self.noise.take_out(surface, place, &mut value);
                digest.bytes(value.to_string().as_bytes())
            })
            .finish()
    }

    /// Takes in a solo run under another schedule: what the user sees in it, it may see with others present.
    pub(super) fn learn_alternative(&mut self, script_outcome: ScriptOutcome, streams: &[&Stream<'_>]) {
        let record = Record::new(script_outcome, streams);
        if self.records.len() < RECORDS && !self.records.iter().any(|known| known.shows_the_same(&record)) {
            self.records.push(record);
        }
    }

    /// How the user's script ends alone: the ways that were seen, the baseline's first.
    pub(super) fn script_outcomes(&self) -> impl Iterator<Item = &ScriptOutcome> {
        self.records.iter().map(|record| &record.script_outcome)
    }

    pub(super) fn script_outcome(&self) -> &ScriptOutcome {
        &self.records[0].script_outcome
    }

    pub(super) fn ends_differently(&self) -> bool {
        self.noise.ending
    }

    /// The surfaces on which the user sees something alone.
    pub(super) fn surfaces(&self) -> impl Iterator<Item = Surface> {
        self.records[0].surfaces()
    }

    /// Everything that is left out of comparisons.
    pub(super) fn left_out(&self, user: usize) -> Vec<LeftOut> {
        self.noise.all(user)
    }

    /// Whether the baseline has observations, and all of them may differ.
    pub(super) fn may_all_differ(&self, rules: &Rules) -> bool {
        let mut seen = self.records[0]
            .streams
            .iter()
            .flat_map(|(_, seen)| seen)
            .peekable();
        let may_differ = |observation: &Observation| {
            rules.may_differ(observation) || rules.may_value_differ(observation.surface(), "")
        };
        seen.peek().is_some() && seen.all(may_differ)
    }

    /// Whether the user sees an observation of this digest in some solo run.
    pub(super) fn shows(&self, digest: u64) -> bool {
        let mut seen = self
            .records
            .iter()
            .flat_map(|record| &record.streams)
            .flat_map(|(_, seen)| seen);
        seen.any(|seen| seen.digest() == digest)
    }

    /// The first place where `here` is not what the user sees alone on `surface`, in any solo run.
    pub(super) fn difference<'a>(
        &'a self,
        comparison: Comparison<'_>,
        surface: Surface,
        here: &[&'a Observation],
        extent: Extent,
    ) -> Option<Difference<'a>> {
        if self.noise.leaves_out(surface) {
            return None;
        }
        let here = match extent {
            Extent::First(count) => &here[..count.min(here.len())],
            Extent::Whole | Extent::Beginning | Extent::Some => here,
        };
        let here: Vec<_> = here
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, observation)| !comparison.declared.contains(&observation.digest()))
            .collect();
        let mut first = None;
        for record in &self.records {
            let difference = record.difference(&self.noise, comparison, surface, &here, extent)?;
            first.get_or_insert(difference);
        }
        first
    }
}

impl Record {
    fn new(script_outcome: ScriptOutcome, streams: &[&Stream<'_>]) -> Self {
        let streams = streams
            .iter()
            .filter(|stream| is_compared(stream.surface()))
            .map(|stream| {
                (
                    stream.surface(),
                    stream.observations().iter().copied().cloned().collect(),
                )
            })
            .collect();
        Self {
            script_outcome,
            streams,
        }
    }

    fn surfaces(&self) -> impl Iterator<Item = Surface> {
        self.streams.iter().map(|&(surface, _)| surface)
    }

    fn seen_on(&self, surface: Surface) -> &[Observation] {
        self.streams
            .iter()
            .find(|stream| stream.0 == surface)
            .map_or(&[], |stream| &stream.1)
    }

    fn shows_the_same(&self, other: &Self) -> bool {
        let same = |one: &[Observation], other: &[Observation]| {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| one.text() == other.text())
        };
        self.script_outcome == other.script_outcome
            && self.streams.len() == other.streams.len()
            && self
                .streams
                .iter()
                .all(|(surface, seen)| same(seen, other.seen_on(*surface)))
    }

    fn difference<'a>(
        &'a self,
        noise: &Noise,
        comparison: Comparison<'_>,
        surface: Surface,
        here: &[(usize, &'a Observation)],
        extent: Extent,
    ) -> Option<Difference<'a>> {
        let Comparison {
            population,
            viewer,
            rules,
            ..
        } = comparison;
        let alone: Vec<_> = self
            .seen_on(surface)
            .iter()
            .enumerate()
            .filter(|(_, observation)| !rules.may_differ(observation))
            .collect();
        let may_differ = |pointer: &str| rules.may_value_differ(surface, pointer);
        let differ = |at: usize, alone: Option<&'a Observation>, pointer| {
            let found = here.get(at).copied();
            let behind = || here.last().map_or(0, |(place, _)| place + 1);
            Some(Difference {
                place: found.map_or_else(behind, |(place, _)| place),
                alone,
                here: found.map(|(_, observation)| observation),
                pointer,
            })
        };
        if extent == Extent::Some {
            let mut rest = alone.iter();
            for (at, &(_, seen)) in here.iter().enumerate() {
                let expected = rest.clone().next().map(|&(_, observation)| observation);
                // Ids are numbered afresh each time, for those in what is missing have no number.
                let value = Interner::new(population, viewer).intern(&seen.repeatable_value());
                let is_same = |&&(place, alone): &&(usize, &Observation)| {
                    let alone = Interner::new(population, viewer).intern(&alone.repeatable_value());
                    let found = noise.difference(surface, place, &alone, &value, &may_differ);
                    found.is_none()
                };
                if !rest.any(|alone| is_same(&alone)) {
                    return differ(at, expected, String::new());
                }
            }
            return None;
        }
        let both = || alone.iter().zip(here);
        if both().any(|((_, alone), (_, here))| alone.text() != here.text()) {
            // Interners remember, hence they see everything from the start.
            let (mut of_alone, mut of_here) = (
                Interner::new(population, viewer),
                Interner::new(population, viewer),
            );
            for (at, (&(place, alone), (_, here))) in both().enumerate() {
                let (one, other) = (
                    of_alone.intern(&alone.repeatable_value()),
                    of_here.intern(&here.repeatable_value()),
                );
                if let Some(pointer) = noise.difference(surface, place, &one, &other, &may_differ) {
                    return differ(at, Some(alone), pointer);
                }
            }
        }
        let missing = |at: usize| alone.get(at).map(|&(_, observation)| observation);
        match extent {
            _ if here.len() > alone.len() => differ(alone.len(), None, String::new()),
            Extent::Whole if here.len() < alone.len() => {
                differ(here.len(), missing(here.len()), String::new())
            }
            Extent::Whole | Extent::Beginning | Extent::First(_) | Extent::Some => None,
        }
    }
}

/// Logs and metrics are shared by their nature.
pub(super) fn is_compared(surface: Surface) -> bool {
    !matches!(surface, Surface::Log | Surface::Metric)
}

/// An end that the user does not meet alone.
///
/// A call that the schedule dropped and a script that did not come to an end are compared with nothing: alone, nobody
/// dropped the call.
pub(super) fn judge_script_outcome(
    population: &Population,
    user: usize,
    alone: &Alone,
    here: &ScriptOutcome,
    step: u32,
) -> Option<Violation> {
    let ended = end(here)?;
    if alone.ends_differently() {
        return None;
    }
    let known: Vec<_> = alone.script_outcomes().map(end).collect();
    if known[0].is_none() || known.contains(&Some(ended)) {
        return None;
    }
    let name = population.identity(user).name();
    let detail = format!(
        "{name} ends otherwise with others there: alone: {}, here: {}",
        show_script_outcome(alone.script_outcome()),
        show_script_outcome(here)
    );
    let violation = Violation::new(Kind::Interference, step, detail).by(population, user);
    Some(match here {
        ScriptOutcome::Failed(message) if likeness::is_refusal(message) => {
            violation.saying(message).like(Likeness::Refusal, None)
        }
        ScriptOutcome::Failed(message) | ScriptOutcome::Panicked(message) => violation.saying(message),
        ScriptOutcome::Finished | ScriptOutcome::Cancelled { .. } | ScriptOutcome::Unfinished => violation,
    })
}

/// An end apart from its message, which may differ from run to run.
fn end(script_outcome: &ScriptOutcome) -> Option<u8> {
    match script_outcome {
        ScriptOutcome::Finished => Some(0),
        ScriptOutcome::Failed(_) => Some(1),
        ScriptOutcome::Panicked(_) => Some(2),
        ScriptOutcome::Cancelled { .. } | ScriptOutcome::Unfinished => None,
    }
}

fn show_script_outcome(script_outcome: &ScriptOutcome) -> String {
    match script_outcome {
        ScriptOutcome::Finished => String::from("finished"),
        ScriptOutcome::Failed(error) => format!("failed: {error}"),
        ScriptOutcome::Panicked(message) => format!("panicked: {message}"),
        ScriptOutcome::Cancelled { .. } => String::from("cancelled"),
        ScriptOutcome::Unfinished => String::from("unfinished"),
    }
}

/// The violation that a difference is. `ended` is the step in which the user's script ended, for what never came.
pub(super) fn violation(
    population: &Population,
    viewer: usize,
    surface: Surface,
    difference: Difference<'_>,
    ended: u32,
) -> Violation {
    let name = population.identity(viewer).name();
    let Difference {
        place,
        alone,
        here,
        pointer,
    } = difference;
    let apart = match (alone, here) {
        (Some(alone), Some(here)) => common_start(alone.text(), here.text()),
        _ => 0,
    };
    let show = |observation: Option<&Observation>| {
        observation.map_or_else(
            || String::from("nothing"),
            |observation| excerpt(observation.text(), apart),
        )
    };
    let detail = format!(
        "with others there {name} sees something else on the surface {surface}, observation {}: alone: {}, here: {}",
        place + 1,
        show(alone),
        show(here),
    );
    let violation = match here {
        Some(here) => Violation::seen(Kind::Interference, population, here, detail),
        None => Violation::new(Kind::Interference, ended, detail)
            .by(population, viewer)
            .on(surface),
    };
    match likeness::of(alone, here, &pointer) {
        Some(likeness) => violation.like(likeness, Some(pointer)),
        None => violation.at(pointer),
    }
}

/// How many characters two texts have in common at their start.
fn common_start(one: &str, other: &str) -> usize {
    one.chars()
        .zip(other.chars())
        .take_while(|(one, other)| one == other)
        .count()
}

/// The text, or what stands about the character at `apart` where it is too long.
fn excerpt(text: &str, apart: usize) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    let start = apart.saturating_sub(SHOWN / 3);
    let shown: String = text.chars().skip(start).take(SHOWN).collect();
    let before = if start > 0 { "…" } else { "" };
    let after = if text.chars().nth(start + SHOWN).is_some() {
        "…"
    } else {
        ""
    };
    format!("{before}{shown}{after}")
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn a_long_text_is_shown_about_the_place_where_it_differs() {
        let text: String = ('a'..='z').cycle().take(400).collect();
        let middle = excerpt(&text, 200);
        assert!(middle.starts_with('…') && middle.ends_with('…'), "{middle}");
        assert!(middle.contains(&text[190..210]), "{middle}");
        assert_eq!(middle.chars().count(), 122);
        let start = excerpt(&text, 0);
        assert!(text.starts_with(start.trim_end_matches('…')), "{start}");
        assert_eq!(excerpt(&text[..100], 99), text[..100]);
    }
}
