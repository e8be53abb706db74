//! Findings in the making.

use super::zone::Spot;
use crate::finding::{Confidence, Rule};
use crate::model::{Def, Model};
use crate::name::{Map, Set};
use crate::syntax::index::NONE;

/// A place in a file, before anybody reads it.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) file: u32,
    pub(crate) at: u32,
    pub(crate) text: String,
}

/// A finding without its level and its places in lines.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) rule: Rule,
    pub(crate) confidence: Confidence,
    pub(crate) message: String,
    pub(crate) place: String,
    pub(crate) target: String,
    pub(crate) shape: u64,
    pub(crate) marks: Vec<Mark>,
    pub(crate) notes: Vec<String>,
    pub(crate) help: Option<String>,
}

/// The findings of one run: those of one rule, place and target are one.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    pub(crate) list: Vec<Draft>,
    known: Map<(Rule, String, String), usize>,
    /// The file, the offset and the target of each: a file in two targets has each finding once.
    marked: Set<(Rule, u32, u32, String)>,
}

impl Drafts {
    pub(super) fn add(&mut self, draft: Draft) {
        let first = &draft.marks[0];
        if !self
            .marked
            .insert((draft.rule, first.file, first.at, draft.target.clone()))
        {
            return;
        }
        let key = (draft.rule, draft.place.clone(), draft.target.clone());
        match self.known.get(&key) {
            None => {
                self.known.insert(key, self.list.len());
                self.list.push(draft);
            }
            Some(&number) => {
                let known = &mut self.list[number];
                let first = &draft.marks[0];
                if draft.confidence < known.confidence {
                    known.confidence = draft.confidence;
                    known.marks.insert(0, first.clone());
                } else {
                    known.marks.insert(1, first.clone());
                    known.marks[1..].sort_by_key(|mark| (mark.file != first.file, mark.file, mark.at));
                }
            }
        }
    }
}

impl Draft {
    pub(super) fn at(model: &Model, rule: Rule, spot: Spot, at: u32, target: String) -> Self {
        Self {
            rule,
            confidence: Confidence::Exact,
            message: String::new(),
            place: spot.path(model),
            target,
            shape: spot.shape(model),
            marks: vec![Mark {
                file: model.placements[spot.placement as usize].file,
                at,
                text: String::new(),
            }],
            notes: Vec::new(),
            help: None,
        }
    }

    /// A finding that is about a definition, and stands there.
    pub(super) fn on(model: &Model, rule: Rule, def: Def, target: String) -> Self {
        let spot = Spot::of(model, def);
        let mut draft = Self::at(model, rule, spot, model.item(def).at, target);
        draft.place = model.def_path(def);
        draft.shape = model.item(def).body.shape;
        draft
    }

    pub(super) fn says(mut self, message: String, label: impl Into<String>) -> Self {
        self.message = message;
        self.marks[0].text = label.into();
        self
    }

    pub(super) fn sure(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// A second label: where something is defined.
    pub(super) fn see(mut self, model: &Model, def: Def, text: impl Into<String>) -> Self {
        self.marks.push(Mark {
            file: model.placement_of(def).file,
            at: model.item(def).at,
            text: text.into(),
        });
        self
    }
}

impl Spot {
    /// Where a definition stands: in what is around it.
    pub(super) fn of(model: &Model, def: Def) -> Self {
        let item = model.item(def);
        Self {
            placement: model.def_placements[def.0 as usize],
            scope: item.scope,
            item: if item.owner == NONE { NONE } else { item.owner },
            in_impl: item.in_impl,
        }
    }
}
