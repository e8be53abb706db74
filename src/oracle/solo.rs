//! With others present, a user must see what it sees alone.

use super::evidence::Fate;
use super::{Kind, Violation};
use crate::trace::{Interner, Lane, Observation, Surface};
use crate::user::Cast;

/// So many characters of an observation are shown where it differs.
const SHOWN: usize = 120;

/// One user's solo run.
#[derive(Debug)]
pub(super) struct Alone {
    fate: Fate,
    lanes: Vec<(Surface, Vec<Observation>)>,
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
}

/// Where a lane leaves the solo run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Difference<'a> {
    /// The place in the lane.
    pub(super) place: usize,
    alone: Option<&'a Observation>,
    here: Option<&'a Observation>,
}

impl Alone {
    pub(super) fn new(fate: Fate, lanes: Vec<&Lane<'_>>) -> Self {
        let lanes = lanes
            .into_iter()
            .filter(|lane| is_compared(lane.surface()))
            .map(|lane| {
                (
                    lane.surface(),
                    lane.observations().iter().copied().cloned().collect(),
                )
            })
            .collect();
        Self { fate, lanes }
    }

    pub(super) fn fate(&self) -> &Fate {
        &self.fate
    }

    /// The surfaces on which the user sees something alone.
    pub(super) fn surfaces(&self) -> impl Iterator<Item = Surface> {
        self.lanes.iter().map(|&(surface, _)| surface)
    }

    fn seen_on(&self, surface: Surface) -> &[Observation] {
        self.lanes
            .iter()
            .find(|lane| lane.0 == surface)
            .map_or(&[], |lane| &lane.1)
    }

    /// The first place where `here` is not what the user `viewer` sees alone on `surface`.
    pub(super) fn difference<'a>(
        &'a self,
        cast: &Cast,
        viewer: usize,
        surface: Surface,
        here: &[&'a Observation],
        extent: Extent,
    ) -> Option<Difference<'a>> {
        let alone = self.seen_on(surface);
        let here = match extent {
            Extent::First(count) => &here[..count.min(here.len())],
            Extent::Whole | Extent::Beginning => here,
        };
        let differ = |place| {
            Some(Difference {
                place,
                alone: alone.get(place),
                here: here.get(place).copied(),
            })
        };
        let both = || alone.iter().zip(here);
        if both().any(|(alone, here)| alone.text() != here.text()) {
            // Interners remember, hence they see everything from the start.
            let (mut of_alone, mut of_here) = (Interner::new(cast, viewer), Interner::new(cast, viewer));
            let means_the_same = |(alone, here): (&Observation, &&Observation)| {
                of_alone.intern(&alone.value()) == of_here.intern(&here.value())
            };
            if let Some(place) = both().map(means_the_same).position(|same| !same) {
                return differ(place);
            }
        }
        match extent {
            _ if here.len() > alone.len() => differ(alone.len()),
            Extent::Whole if here.len() < alone.len() => differ(here.len()),
            Extent::Whole | Extent::Beginning | Extent::First(_) => None,
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
pub(super) fn judge_fate(
    cast: &Cast,
    user: usize,
    alone: &Fate,
    here: &Fate,
    step: u32,
) -> Option<Violation> {
    if end(alone)? == end(here)? {
        return None;
    }
    let name = cast.member(user).name();
    let detail = format!(
        "{name} ends otherwise with others there: alone: {}, here: {}",
        show_fate(alone),
        show_fate(here)
    );
    let violation = Violation::new(Kind::Interference, step, detail).by(cast, user);
    Some(match here {
        Fate::Failed(message) | Fate::Panicked(message) => violation.saying(message),
        Fate::Finished | Fate::Cancelled { .. } | Fate::Unfinished => violation,
    })
}

/// An end apart from its message, which may differ from run to run.
fn end(fate: &Fate) -> Option<u8> {
    match fate {
        Fate::Finished => Some(0),
        Fate::Failed(_) => Some(1),
        Fate::Panicked(_) => Some(2),
        Fate::Cancelled { .. } | Fate::Unfinished => None,
    }
}

fn show_fate(fate: &Fate) -> String {
    match fate {
        Fate::Finished => String::from("finished"),
        Fate::Failed(error) => format!("failed: {error}"),
        Fate::Panicked(message) => format!("panicked: {message}"),
        Fate::Cancelled { .. } => String::from("cancelled"),
        Fate::Unfinished => String::from("unfinished"),
    }
}

/// The violation that a difference is. `last` is the step of the execution's last observation, for what never came.
pub(super) fn violation(
    cast: &Cast,
    viewer: usize,
    surface: Surface,
    difference: Difference<'_>,
    last: u32,
) -> Violation {
    let name = cast.member(viewer).name();
    let Difference { place, alone, here } = difference;
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
    match here {
        Some(here) => Violation::seen(Kind::Interference, cast, here, detail),
        None => Violation::new(Kind::Interference, last, detail)
            .by(cast, viewer)
            .on(surface),
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
