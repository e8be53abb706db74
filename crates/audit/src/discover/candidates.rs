//! Items that could be implementations of one role.

use std::collections::BTreeMap;

use super::words::{Versioned, versioned};
use crate::model::{Def, Model, Module};
use crate::name::{Name, Set};
use crate::rules::methods;
use crate::syntax::index::{Detail, ItemKind, NONE};

/// A type, a trait or a module.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) path: String,
    pub(super) what: What,
    pub(super) versioned: Versioned,
    /// The version word of a module around it, where its own name has none.
    pub(super) module_marker: Option<Versioned>,
    /// The names of its functions, or of what a module holds.
    pub(super) members: Vec<Name>,
    pub(super) fields: Vec<(Name, u64)>,
    pub(super) deprecated: bool,
    pub(super) called_old: bool,
    pub(super) conditional: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Type(Def),
    Module(Module),
}

/// Groups of candidates whose paths are equal once version words are left out.
pub(super) fn groups(model: &Model) -> Vec<Vec<Candidate>> {
    let mut by_base: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    let mut seen: Set<(u32, u32)> = Set::default();
    for placement in &model.placements {
        let file = &model.loaded.files[placement.file as usize].index;
        if file.generated || placement.test {
            continue;
        }
        for def in model.defs(placement) {
            let item = model.item(def);
            let wanted = matches!(item.kind, ItemKind::Struct | ItemKind::Enum | ItemKind::Trait);
            let local = item.owner != NONE || model.module(model.module_around(def)).block;
            // One file in two targets is one definition.
            if !wanted || local || item.flags.nominal || model.is_test(def) {
                continue;
            }
            if !seen.insert((placement.file, item.at)) {
                continue;
            }
            let candidate = of_type(model, def);
            by_base
                .entry(key(item.kind, &candidate.versioned.base))
                .or_default()
                .push(candidate);
        }
    }
    for number in 0..model.modules.len() {
        let module = Module(u32::try_from(number).expect("fewer than 2^32 modules"));
        if let Some(candidate) = of_module(model, module) {
            let key = format!("module {}", candidate.versioned.base);
            by_base.entry(key).or_default().push(candidate);
        }
    }
    by_base.into_values().filter(|group| group.len() > 1).collect()
}

fn key(kind: ItemKind, base: &str) -> String {
    let kind = if kind == ItemKind::Trait { "trait" } else { "type" };
    format!("{kind} {base}")
}

fn of_type(model: &Model, def: Def) -> Candidate {
    let item = model.item(def);
    let fields = match &item.detail {
        Detail::Struct { fields, .. } => fields.to_vec(),
        _ => Vec::new(),
    };
    let versioned = versioned(item.name.as_str(), false);
    let module_marker = match versioned.marker {
        Some(_) => None,
        None => marked_module(model, model.module_around(def)),
    };
    let module = model.named_module(model.module_around(def));
    let around = model.module(module).def.map(|def| model.item(def).flags);
    Candidate {
        path: model.def_path(def),
        what: What::Type(def),
        versioned,
        module_marker,
        members: methods(model, def),
        fields,
        deprecated: item.flags.deprecated || around.is_some_and(|flags| flags.deprecated),
        called_old: item.flags.called_old,
        conditional: item.flags.conditional || around.is_some_and(|flags| flags.conditional),
    }
}

/// The nearest module with a version word.
fn marked_module(model: &Model, module: Module) -> Option<Versioned> {
    let mut at = Some(model.named_module(module));
    while let Some(module) = at {
        let entry = model.module(module);
        let found = versioned(entry.name.as_str(), true);
        if found.marker.is_some() {
            return Some(found);
        }
        at = entry.parent;
    }
    None
}

fn of_module(model: &Model, module: Module) -> Option<Candidate> {
    let entry = model.module(module);
    let krate = &model.crates[entry.krate as usize];
    let is_library = krate.kind == crate::workspace::TargetKind::Library;
    if entry.block || entry.test || !is_library || entry.names.len() < 3 {
        return None;
    }
    let mut members: Vec<Name> = entry
        .names
        .iter()
        .filter(|(_, slots)| {
            let binding = slots.types.or(slots.values);
            binding.is_some_and(|binding| binding.import.is_none() && binding.public)
        })
        .map(|(name, _)| *name)
        .collect();
    members.sort_by_key(|name| name.as_str());
    let flags = entry.def.map(|def| model.item(def).flags).unwrap_or_default();
    let versioned = versioned(entry.name.as_str(), true);
    // `v1_2` is the version of something outside, and so is `v1`.
    if versioned
        .base
        .split('_')
        .all(|word| word.trim_start_matches('v').parse::<u32>().is_ok())
    {
        return None;
    }
    Some(Candidate {
        path: model.module_path(module),
        what: What::Module(module),
        versioned,
        module_marker: None,
        members,
        fields: Vec::new(),
        deprecated: flags.deprecated,
        called_old: flags.called_old,
        conditional: flags.conditional,
    })
}
