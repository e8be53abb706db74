//! How much two candidates look like implementations of one role.

use super::candidates::{Candidate, What};
use super::marker::{Marked, marker};
use super::proposal::common_trait;
use super::weights::Weights;
use super::words::Age;
use crate::model::{Model, Space, Target};
use crate::rules::alike;

/// Two items that look like competing implementations of one role.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    /// In tenths.
    pub(super) score: i32,
    pub(super) class: Class,
    pub(super) old: Candidate,
    pub(super) new: Candidate,
    pub(super) reasons: Vec<String>,
    /// Further pairs in the same two modules.
    pub(super) more: usize,
}

/// What kind of competition it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    MigrationOfBehaviour,
    MigrationOfModules,
    MigrationOfData,
    CopyOfBehaviour,
    CopyOfData,
}

impl Class {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::MigrationOfBehaviour => "migration/behaviour",
            Self::MigrationOfModules => "migration/module",
            Self::MigrationOfData => "migration/data",
            Self::CopyOfBehaviour => "copy/behaviour",
            Self::CopyOfData => "copy/data",
        }
    }
}

/// Parts of paths below which versions are meant: formats, protocols, interfaces.
const DELIBERATE: [&str; 24] = [
    "api",
    "apis",
    "codec",
    "compat",
    "ffi",
    "format",
    "formats",
    "io",
    "message",
    "messages",
    "migration",
    "migrations",
    "model",
    "models",
    "proto",
    "protocol",
    "protocols",
    "rest",
    "rpc",
    "schema",
    "schemas",
    "types",
    "version",
    "versions",
];

/// Parts of paths below which every version is kept, for what was written by it.
const LADDERS: [&str; 6] = [
    "format",
    "formats",
    "migration",
    "migrations",
    "version",
    "versions",
];

/// The pair that two candidates of one group are, if they look like one.
pub(super) fn pair(
    model: &Model,
    weights: &Weights,
    one: &Candidate,
    other: &Candidate,
    family: &Family,
) -> Option<Pair> {
    if one.path == other.path || nested(one, other) {
        return None;
    }
    let marked = marker(one, other)?;
    let mut tally = Tally::default();
    marked.reason(&mut tally, one, other);
    if one.deprecated != other.deprecated {
        tally.add(20, "one of them is deprecated");
    } else if one.called_old != other.called_old {
        tally.add(
            15,
            "the documentation of one calls it legacy, superseded or the like",
        );
    }
    let migrates = tally.score > 0;
    let (common, share, weight) = weights.overlap(&one.members, &other.members);
    let (bodies, fields) = (identical(model, one, other), same_fields(one, other));
    let members = match one.what {
        What::Type(_) => "methods",
        What::Module(_) => "items",
    };
    if common > 0 {
        // Two rare names in common say more than ten that everything has.
        let points = (share * 30.0 * (weight / 2.0).min(1.0)).round();
        #[expect(clippy::cast_possible_truncation, reason = "it is between 0 and 30")]
        let points = points as i32;
        let all = one.members.len().min(other.members.len());
        tally.add(
            points,
            &format!("{common} {members} of the same names, of {all} that the smaller one has"),
        );
    }
    let shared = shared_trait(model, one, other);
    if let Some((of_trait, count)) = &shared {
        tally.add(15, &format!("both implement `{of_trait}`, as {count} types do"));
    }
    if bodies {
        tally.add(25, "their definitions are identical, token by token");
    } else if fields > 1 {
        let points = i32::try_from(fields.min(5)).unwrap_or(5) * 3;
        tally.add(points, &format!("{fields} fields of the same names and types"));
    }
    if one.conditional || other.conditional {
        tally.add(-20, "one of them is compiled under a condition");
    }
    if family.size > 4 || family.numbered > 2 {
        tally.add(
            -25,
            &format!("{} of a family: a ladder of versions or of kinds", family.size),
        );
    }
    if wraps(model, one, other) || wraps(model, other, one) {
        tally.add(-20, "one holds the other");
    }
    if marked.numbers_on_both && (has_part(&one.path, &LADDERS) || has_part(&other.path, &LADDERS)) {
        tally.add(-30, "numbers below `versions` and the like are kept on purpose");
    } else if has_part(&one.path, &DELIBERATE) || has_part(&other.path, &DELIBERATE) {
        tally.add(-15, "formats, protocols and interfaces have versions on purpose");
    }
    let class = match one.what {
        What::Module(_) if migrates && common >= 3 => Class::MigrationOfModules,
        What::Type(_) if migrates && (common >= 2 && weight > 0.5 || shared.is_some()) => {
            Class::MigrationOfBehaviour
        }
        What::Type(_) if migrates => Class::MigrationOfData,
        What::Type(_) if common >= 3 && weight > 1.0 && share > 0.5 => Class::CopyOfBehaviour,
        What::Type(_) if bodies && fields > 2 => Class::CopyOfData,
        What::Module(_) | What::Type(_) => return None,
    };
    // What shares data only is a persisted format or a wire type more often than not.
    if class == Class::MigrationOfData || class == Class::CopyOfData {
        tally.add(-15, "only data in common");
    }
    let first_is_older = marked.first_is_older.unwrap_or_else(|| {
        one.deprecated || one.called_old || !(other.deprecated || other.called_old) && one.path > other.path
    });
    let (old, new) = if first_is_older {
        (one, other)
    } else {
        (other, one)
    };
    Some(Pair {
        score: tally.score,
        class,
        old: old.clone(),
        new: new.clone(),
        reasons: tally.reasons,
        more: 0,
    })
}

#[derive(Debug, Default)]
struct Tally {
    score: i32,
    reasons: Vec<String>,
}

impl Tally {
    fn add(&mut self, points: i32, reason: &str) {
        self.score += points;
        let sign = if points < 0 { "-" } else { "+" };
        let points = points.unsigned_abs();
        self.reasons
            .push(format!("{sign}{}.{}  {reason}", points / 10, points % 10));
    }
}

impl Marked {
    fn reason(&self, tally: &mut Tally, one: &Candidate, other: &Candidate) {
        if self.words.is_empty() {
            return;
        }
        let points = if self.numbers_on_both { 15 } else { 20 };
        let names = format!(
            "`{}` and `{}` differ by {}",
            short(&one.path),
            short(&other.path),
            self.words.join(" and ")
        );
        tally.add(points, &names);
    }
}

/// How a group as a whole looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Family {
    pub(super) size: usize,
    /// Different numbers among its version words.
    pub(super) numbered: usize,
}

impl Family {
    pub(super) fn of(group: &[Candidate]) -> Self {
        let mut numbers: Vec<u32> = group
            .iter()
            .filter_map(|candidate| {
                candidate
                    .versioned
                    .marker
                    .as_ref()
                    .or(candidate.module_marker.as_ref()?.marker.as_ref())
            })
            .filter_map(|(_, age)| match age {
                Age::Number(number) => Some(*number),
                Age::Old | Age::New => None,
            })
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        Self {
            size: group.len(),
            numbered: numbers.len(),
        }
    }
}

fn nested(one: &Candidate, other: &Candidate) -> bool {
    let within = |inner: &str, outer: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.starts_with("::"))
    };
    matches!(one.what, What::Module(_)) && (within(&one.path, &other.path) || within(&other.path, &one.path))
}

fn identical(model: &Model, one: &Candidate, other: &Candidate) -> bool {
    match (one.what, other.what) {
        (What::Type(one), What::Type(other)) => {
            model.item(one).body.tokens > 12
                && alike(model, one, other).is_some_and(|what| what.contains("identical"))
        }
        _ => false,
    }
}

fn same_fields(one: &Candidate, other: &Candidate) -> usize {
    one.fields
        .iter()
        .filter(|field| other.fields.contains(field))
        .count()
}

/// Whether one type names the other in its fields.
fn wraps(model: &Model, one: &Candidate, other: &Candidate) -> bool {
    let (What::Type(one), What::Type(other)) = (one.what, other.what) else {
        return false;
    };
    let number = model.def_placements[one.0 as usize];
    let placement = model.placement_of(one);
    let index = &model.loaded.files[placement.file as usize].index;
    let item = one.0 - placement.first_def;
    index
        .references
        .iter()
        .filter(|reference| reference.item == item)
        .any(|reference| {
            let module = placement.module_of(reference.scope);
            model.lookup_written(number, module, reference.path, Space::Types) == Some(Target::Def(other))
        })
}

/// A trait of the workspace that both implement, and how many types do; not where so many do that it says nothing.
fn shared_trait(model: &Model, one: &Candidate, other: &Candidate) -> Option<(String, usize)> {
    let (What::Type(one), What::Type(other)) = (one.what, other.what) else {
        return None;
    };
    let of_trait = common_trait(model, one, other)?;
    let count = model
        .impls
        .all
        .iter()
        .filter(|entry| entry.of_trait == Some(Target::Def(of_trait)))
        .count();
    (count <= FEW).then(|| (model.def_path(of_trait), count))
}

/// A trait that more types implement is no role of one.
const FEW: usize = 12;

fn has_part(path: &str, words: &[&str]) -> bool {
    let mut parts = path.split("::").flat_map(super::words::words);
    parts.any(|part| words.contains(&&*part))
}

fn short(path: &str) -> &str {
    path.rmatch_indices("::")
        .nth(1)
        .map_or(path, |(at, _)| &path[at + 2..])
}

#[cfg(test)]
mod tests {
    use super::DELIBERATE;

    #[test]
    fn words_are_sorted() {
        assert!(DELIBERATE.is_sorted());
    }
}
