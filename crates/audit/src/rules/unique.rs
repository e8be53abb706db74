//! `unique`: names that are defined once.

use std::collections::BTreeMap;

use super::draft::{Draft, Drafts};
use super::pattern::fits;
use crate::config::{Mistakes, Unique};
use crate::finding::{Confidence, Rule};
use crate::model::{Def, Model, Target};
use crate::name::Name;
use crate::syntax::index::{Detail, ItemKind, NONE};

/// Names that are defined more than once.
pub(super) fn unique(
    model: &Model,
    rule: &Unique,
    generated: bool,
    mistakes: &mut Mistakes,
    drafts: &mut Drafts,
) {
    let scope = match &rule.scope {
        None => None,
        Some(scope) => {
            if let Some(Target::Module(module)) = model.find(scope.as_str()) {
                Some(module)
            } else {
                let what = format!("unique: there is no module `{}` in this workspace", scope.value);
                let known = model.similar(scope.as_str(), |kind| kind == ItemKind::Module);
                let help = known.first().map(|path| format!("did you mean `{path}`?"));
                mistakes.at(scope, what, help);
                return;
            }
        }
    };
    // By path, so that alternatives for two platforms are one.
    let mut names: BTreeMap<&'static str, BTreeMap<String, Def>> = BTreeMap::new();
    for placement in &model.placements {
        let file = &model.loaded.files[placement.file as usize].index;
        if file.generated && !generated {
            continue;
        }
        for def in model.defs(placement) {
            let item = model.item(def);
            let counts = match item.kind {
                ItemKind::Struct | ItemKind::Enum | ItemKind::Union | ItemKind::Trait => true,
                ItemKind::Function => rule.functions,
                _ => false,
            };
            let counts = counts && !item.flags.nominal && !model.is_test(def) && item.owner == NONE;
            let scoped = scope.is_none_or(|scope| model.is_within(model.module_around(def), scope));
            if counts
                && scoped
                && rule
                    .names
                    .iter()
                    .any(|name| fits(name.as_str(), item.name.as_str()))
            {
                let known = names.entry(item.name.as_str()).or_default();
                known.entry(model.def_path(def)).or_insert(def);
            }
        }
    }
    for pattern in &rule.names {
        if !names.keys().any(|name| fits(pattern.as_str(), name)) {
            let what = format!("unique: no definition is called `{}`", pattern.value);
            let help =
                "name types and traits, for instance `*Engine`; functions count with `functions = true`";
            mistakes.at(pattern, what, Some(help.to_owned()));
        }
    }
    for except in &rule.except {
        let Some((_, pattern)) = except.value.split_once(": ") else {
            continue;
        };
        let before: usize = names.values().map(BTreeMap::len).sum();
        for known in names.values_mut() {
            known.retain(|path, _| !fits(pattern.trim(), path));
        }
        if names.values().map(BTreeMap::len).sum::<usize>() == before {
            let what = format!("unique: `{}` excepts nothing", pattern.trim());
            mistakes.at(except, what, Some("remove it".to_owned()));
        }
    }
    for (name, known) in &names {
        let mut defs = known.values();
        let Some(first) = defs.next() else { continue };
        for other in defs {
            // One file in two targets.
            let (one, two) = (model.placement_of(*first), model.placement_of(*other));
            if (one.file, model.item(*first).at) == (two.file, model.item(*other).at) {
                continue;
            }
            drafts.add(duplicate(model, name, *first, *other, known.len()));
        }
    }
}

fn duplicate(model: &Model, name: &str, first: Def, other: Def, count: usize) -> Draft {
    let item = model.item(other);
    let sure = if item.flags.in_macro {
        Confidence::MacroTokens
    } else {
        Confidence::Exact
    };
    let message = format!("{} `{name}` is defined in {count} places", item.kind.as_str());
    let mut draft = Draft::on(model, Rule::DuplicateDefinition, other, name.to_owned())
        .says(message, "defined again here")
        .sure(sure)
        .help("keep one and re-export it, rename the other, or add it to `except` with the reason");
    if let Some(alike) = alike(model, first, other) {
        draft = draft.note(alike);
    }
    draft.see(model, first, "first defined here")
}

/// What two definitions have in common.
pub(crate) fn alike(model: &Model, one: Def, other: Def) -> Option<String> {
    let (first, second) = (model.item(one), model.item(other));
    let bodies = (first.body, second.body);
    if first.kind == second.kind && bodies.0.exact == bodies.1.exact && bodies.0.tokens > 3 {
        return Some("both have identical bodies".to_owned());
    }
    let mut facts = Vec::new();
    if let (Detail::Struct { fields: a, .. }, Detail::Struct { fields: b, .. }) =
        (&first.detail, &second.detail)
        && !a.is_empty()
    {
        let sorted = |fields: &[(Name, u64)]| {
            let mut fields = fields.to_vec();
            fields.sort_by_key(|(name, ty)| (name.as_str(), *ty));
            fields
        };
        if sorted(a) == sorted(b) {
            facts.push(
                if first.kind == ItemKind::Enum {
                    "same variants"
                } else {
                    "same fields"
                }
                .to_owned(),
            );
        }
    }
    let (a, b) = (methods(model, one), methods(model, other));
    let common = a.iter().filter(|name| b.contains(name)).count();
    if common > 1 {
        facts.push(format!("{common} of {} methods the same", a.len().max(b.len())));
    }
    (!facts.is_empty()).then(|| format!("both have: {}", facts.join(", ")))
}

/// The names of the methods and functions of a type's impls, or of a trait.
pub(crate) fn methods(model: &Model, def: Def) -> Vec<Name> {
    model.impls.functions_of(def)
}
