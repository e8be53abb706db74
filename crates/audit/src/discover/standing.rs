//! The standing look-out: a pair that nobody knows fails.

use super::candidates::{Candidate, What};
use super::find::find;
use super::proposal::proposal;
use super::score::Pair;
use crate::config::{Config, Mistakes, known_pair};
use crate::finding::{Confidence, Rule};
use crate::model::Model;
use crate::rules::{Draft, Drafts, Mark};

/// Adds the pairs that `[discover]` does not know. A known pair that is none any more is a mistake.
pub(crate) fn standing(model: &Model, config: &Config, mistakes: &mut Mistakes, drafts: &mut Drafts) {
    let Some(discover) = &config.discover else { return };
    let pairs = find(model);
    let mut met = vec![false; discover.known.len()];
    for pair in pairs {
        let mut known = false;
        for (number, text) in discover.known.iter().enumerate() {
            if let Some((one, other, _)) = known_pair(text)
                && is_pair(&pair, one, other)
            {
                met[number] = true;
                known = true;
            }
        }
        let high = pair.score >= i32::try_from(discover.min_score).unwrap_or(i32::MAX);
        if high && pair.class.is_headline() && !known {
            drafts.list.push(draft(model, &pair));
        }
    }
    for (text, met) in discover.known.iter().zip(met) {
        if !met {
            let what = "discover: this pair does not look like competing implementations any more, or is not in this workspace";
            mistakes.at(text, what, Some("remove it".to_owned()));
        }
    }
}

fn is_pair(pair: &Pair, one: &str, other: &str) -> bool {
    let (old, new) = (&*pair.old.path, &*pair.new.path);
    // `app::debug <-> debug2` names the second by its last part.
    let is = |path: &str, said: &str| {
        path == said || path.strip_suffix(said).is_some_and(|rest| rest.ends_with("::"))
    };
    is(old, one) && is(new, other) || is(old, other) && is(new, one)
}

fn draft(model: &Model, pair: &Pair) -> Draft {
    let mut notes: Vec<String> = pair.reasons.clone();
    if pair.more > 0 {
        notes.push(format!("and {}", more_pairs(pair.more)));
    }
    let marks: Vec<Mark> = [(&pair.old, ""), (&pair.new, "and this")]
        .into_iter()
        .filter_map(|(candidate, text)| mark(model, candidate, text))
        .collect();
    Draft {
        rule: Rule::Competing,
        confidence: Confidence::Exact,
        message: format!(
            "`{}` and `{}` look like competing implementations of one role (score {})",
            pair.old.path,
            pair.new.path,
            tenths(pair.score)
        ),
        place: pair.old.path.clone(),
        target: pair.new.path.clone(),
        shape: 0,
        marks,
        notes,
        help: Some(format!(
            "finish the migration; or add to `known` of `[discover]`: \"{} <-> {}: reason\"; or settle it by a rule:\n{}",
            pair.old.path,
            pair.new.path,
            proposal(model, pair)
        )),
    }
}

fn mark(model: &Model, candidate: &Candidate, text: &str) -> Option<Mark> {
    let def = match candidate.what {
        What::Type(def) => def,
        What::Module(module) => model.module(module).def?,
    };
    Some(Mark {
        file: model.placement_of(def).file,
        at: model.item(def).at,
        text: text.to_owned(),
    })
}

/// How many further pairs there are in the same two modules.
pub(super) fn more_pairs(count: usize) -> String {
    match count {
        1 => "1 more such pair in these modules".to_owned(),
        more => format!("{more} more such pairs in these modules"),
    }
}

pub(super) fn tenths(score: i32) -> String {
    let sign = if score < 0 { "-" } else { "" };
    format!("{sign}{}.{}", score.abs() / 10, score.abs() % 10)
}
