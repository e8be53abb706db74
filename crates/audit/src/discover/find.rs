use std::collections::BTreeMap;

use super::candidates::{What, groups};
use super::score::{Class, Family, Pair, pair};
use super::weights::Weights;
use crate::model::Model;

/// Larger groups are families of kinds, whose pairs say nothing.
const LARGEST: usize = 12;

/// Pairs that look like competing implementations, the likeliest first; one for each pair of modules around.
pub(super) fn find(model: &Model) -> Vec<Pair> {
    let groups = groups(model);
    let weights = Weights::of(model);
    let mut pairs = Vec::new();
    for group in groups.iter().filter(|group| group.len() <= LARGEST) {
        let family = Family::of(group);
        for (index, one) in group.iter().enumerate() {
            for other in &group[index + 1..] {
                pairs.extend(pair(model, &weights, one, other, &family));
            }
        }
    }
    collapse(pairs)
}

fn collapse(mut pairs: Vec<Pair>) -> Vec<Pair> {
    pairs.sort_by(|one, other| {
        (other.score, one.class, &one.old.path, &one.new.path).cmp(&(
            one.score,
            other.class,
            &other.old.path,
            &other.new.path,
        ))
    });
    let mut kept: Vec<Pair> = Vec::new();
    let mut by_folders: BTreeMap<(String, String), usize> = BTreeMap::new();
    for pair in pairs {
        let [mut one, mut other] = folders(&pair);
        let crate_of = |path: &str| path.split("::").next().unwrap_or(path).to_owned();
        if crate_of(&one) != crate_of(&other) {
            (one, other) = (crate_of(&one), crate_of(&other));
        }
        if one > other {
            std::mem::swap(&mut one, &mut other);
        }
        // Two in one module are a pair of their own.
        let key = if one == other {
            (pair.old.path.clone(), pair.new.path.clone())
        } else {
            (one, other)
        };
        if let Some(&number) = by_folders.get(&key) {
            kept[number].more += 1;
        } else {
            by_folders.insert(key, kept.len());
            kept.push(pair);
        }
    }
    kept
}

/// The modules that stand for two candidates: the crate and its first two modules, or more, up to where the two part.
fn folders(pair: &Pair) -> [String; 2] {
    let [old, new] = [&pair.old, &pair.new].map(|candidate| {
        let mut parts: Vec<&str> = candidate.path.split("::").collect();
        if matches!(candidate.what, What::Type(_)) {
            parts.pop();
        }
        parts
    });
    let common = old
        .iter()
        .zip(&new)
        .take_while(|(one, other)| one == other)
        .count();
    [old, new].map(|parts| parts[..parts.len().min(3.max(common + 1))].join("::"))
}

impl Class {
    /// Whether pairs of this class are worth a look by themselves.
    pub(super) fn is_headline(self) -> bool {
        matches!(self, Self::MigrationOfBehaviour | Self::MigrationOfModules)
    }
}
