//! `role`: a trait with exactly the implementations named, a type built only where it may be.

use super::compiled::Role;
use super::construction::{Built, at_home, built, confidence, with_aliases};
use super::draft::{Draft, Drafts, Mark};
use super::zone::Spot;
use crate::config::{Config, Mistakes, Text};
use crate::finding::{Confidence, Rule};
use crate::model::{Def, ImplEntry, Model, Site, Space, Target};
use crate::syntax::index::{Impl, ItemKind, NONE};

/// Second implementations.
pub(super) fn implementations(model: &Model, role: &Role, generated: bool, drafts: &mut Drafts) {
    let Some(of_trait) = role.of_trait else { return };
    for entry in &model.impls.all {
        if entry.of_trait != Some(Target::Def(of_trait)) {
            continue;
        }
        let index = &model.loaded.files[model.placements[entry.placement as usize].file as usize].index;
        let written = &index.impls[entry.number as usize];
        let spot = Spot {
            placement: entry.placement,
            scope: written.scope,
            item: written.owner,
            in_impl: NONE,
        };
        if (spot.is_test(model, written.flags.test) && !role.in_tests) || (index.generated && !generated) {
            continue;
        }
        if role.allow_in.has(model, spot) {
            continue;
        }
        match entry.for_type {
            Some(Target::Def(def)) if role.implemented_by.contains(&def) => {}
            Some(Target::Outside) if passes_on(model, role, entry, written) => {}
            _ => drafts.add(second(model, role, of_trait, entry, spot)),
        }
    }
}

/// Whether a type of another crate is a box of an implementation, of a trait object, or of whatever fits: it passes calls on.
fn passes_on(model: &Model, role: &Role, entry: &ImplEntry, written: &Impl) -> bool {
    let module = model.placements[entry.placement as usize].module_of(written.scope);
    let inner = |path: &u32| match model.lookup_written(entry.placement, module, *path, Space::Types) {
        Some(Target::Def(def)) => role.implemented_by.contains(&model.type_behind(def)),
        _ => false,
    };
    written.blanket
        || written
            .arguments
            .as_deref()
            .is_some_and(|paths| paths.iter().all(inner))
}

fn second(model: &Model, role: &Role, of_trait: Def, entry: &ImplEntry, spot: Spot) -> Draft {
    let index = &model.loaded.files[model.placements[entry.placement as usize].file as usize].index;
    let written = &index.impls[entry.number as usize];
    let trait_name = model.item(of_trait).name;
    let target = model.def_path(of_trait);
    let implementor = match entry.for_type {
        Some(Target::Def(def)) => format!("`{}`", model.item(def).name),
        _ if written.blanket => "every type that fits".to_owned(),
        _ if written.self_path == NONE => "a type without a name".to_owned(),
        _ => format!("`{}`", last_name(index, written.self_path)),
    };
    let sure = match entry.for_type {
        None if written.blanket => Confidence::Lead,
        None if written.self_path != NONE => Confidence::MacroTokens,
        _ if written.flags.in_macro => Confidence::MacroTokens,
        _ => Confidence::Exact,
    };
    let owners: Vec<String> = role
        .implemented_by
        .iter()
        .map(|def| format!("`{}`", model.item(*def).name))
        .collect();
    let owners = if owners.is_empty() {
        "what its macros write".to_owned()
    } else {
        owners.join(" and ")
    };
    let message = format!(
        "second implementation of role `{}`: {implementor} implements `{trait_name}`; the role belongs to {owners}",
        role.name
    );
    let mut draft = Draft::at(model, Rule::SecondImplementation, spot, written.at, target)
        .says(message, format!("`{trait_name}` is implemented here"))
        .sure(sure)
        .help(match role.implemented_by.first() {
            Some(def) => format!(
                "use `{}`, or add this type to `implemented-by` of role `{}`",
                model.def_path(*def),
                role.name
            ),
            None => format!("add this type to `implemented-by` of role `{}`", role.name),
        });
    draft.place = model.impl_place(entry.placement, entry.number);
    if let Some(Target::Def(def)) = entry.for_type {
        draft.shape = model.item(def).body.shape;
    }
    match role.implemented_by.first() {
        Some(def) => draft.see(model, *def, "the role belongs to this"),
        None => draft.see(model, of_trait, "the role's trait"),
    }
}

fn last_name(index: &crate::syntax::index::FileIndex, path: u32) -> &'static str {
    match path {
        NONE => "_",
        path => index.paths[path as usize]
            .names
            .last()
            .map_or("Self", |name| name.as_str()),
    }
}

/// Tells where a named implementation is none.
pub(super) fn must_implement(model: &Model, config: &Config, mistakes: &mut Mistakes) {
    for role in &config.roles {
        let Some(Target::Def(of_trait)) = role.of_trait.as_ref().and_then(|text| model.find(text.as_str()))
        else {
            continue;
        };
        // What is no trait or no type has been told.
        let is_trait = model.item(of_trait).kind == ItemKind::Trait;
        for text in &role.implemented_by {
            let Some(Target::Def(def)) = model.find(text.as_str()) else {
                continue;
            };
            if !is_trait || !model.item(def).kind.is_type() {
                continue;
            }
            let def = Target::Def(model.type_behind(def));
            let implements =
                model.impls.all.iter().any(|entry| {
                    entry.of_trait == Some(Target::Def(of_trait)) && entry.for_type == Some(def)
                });
            if !implements {
                not_implemented(model, &role.name, text, of_trait, mistakes);
            }
        }
    }
}

fn not_implemented(model: &Model, role: &Text, text: &Text, of_trait: Def, mistakes: &mut Mistakes) {
    let what = format!(
        "role `{}`: no `impl {} for {}` is written",
        role.value,
        model.item(of_trait).name,
        text.value
    );
    let help = "if a macro writes it, name that in `implemented-by-macro` instead, and prove the implementation in a test with \
                `audit_probe!`";
    mistakes.at(text, what, Some(help.to_owned()));
}

/// Values built outside the role's own modules.
pub(super) fn constructions(
    model: &Model,
    role: &Role,
    sites: &[Site],
    generated: bool,
    drafts: &mut Drafts,
) {
    let (Some(of), Some(zone)) = (role.of_type, &role.built_in) else {
        return;
    };
    let of = model.type_behind(of);
    let names = with_aliases(model, of);
    let name = model.item(of).name;
    for site in sites {
        let Some(how) = built(model, site, of, &names) else {
            continue;
        };
        let spot = Spot::from(site);
        let skipped = spot.is_test(model, site.reference.test) && !role.in_tests;
        if skipped || spot.is_generated(model) && !generated {
            continue;
        }
        if zone.has(model, spot) || role.allow_in.has(model, spot) || at_home(model, spot, of) {
            continue;
        }
        let places = role.built_in_names.join("` or `");
        let message = format!("`{name}` is built here, outside `{places}`");
        let draft = Draft::at(model, Rule::Bypass, spot, site.reference.at, model.def_path(of))
            .says(message, format!("{} builds one", how.describe(name.as_str())))
            .sure(confidence(site))
            .help(help(model, role, &how))
            .see(model, of, "defined here");
        drafts.add(draft);
    }
}

fn help(model: &Model, role: &Role, how: &Built) -> String {
    let functions = makers(model, role);
    match (&*functions, how) {
        ([], _) => format!("ask `{}` for it", role.built_in_names.join("` or `")),
        (functions, _) => format!("call `{}`", functions.join("` or `")),
    }
}

/// Functions of the role's modules that return the type.
fn makers(model: &Model, role: &Role) -> Vec<String> {
    let (Some(of), Some(zone)) = (role.of_type, &role.built_in) else {
        return Vec::new();
    };
    let mut functions: Vec<String> = Vec::new();
    for placement in &model.placements {
        for def in model.defs(placement) {
            let item = model.item(def);
            let crate::syntax::index::Detail::Function { returns, .. } = &item.detail else {
                continue;
            };
            if !item.flags.public || !zone.has_def(model, def) || model.is_test(def) {
                continue;
            }
            let number = model.def_placements[def.0 as usize];
            let module = placement.module_of(item.scope);
            let makes = returns.iter().any(|path| {
                let found = model.lookup_written(number, module, *path, crate::model::Space::Types);
                matches!(found, Some(Target::Def(found)) if model.type_behind(found) == of)
            });
            if makes {
                functions.push(model.def_path(def));
            }
        }
    }
    functions.sort();
    functions.truncate(2);
    functions
}

/// Macros that may write an implementation.
pub(super) fn macros(model: &Model, role: &Role, drafts: &mut Drafts) {
    let Some(of_trait) = role.of_trait else { return };
    for (placement, number) in model.placements.iter().zip(0..) {
        for def in model.defs(placement) {
            let crate::syntax::index::Detail::Macro(traits) = &model.item(def).detail else {
                continue;
            };
            let module = placement.module_of(model.item(def).scope);
            let writes = traits.iter().any(|path| {
                model.lookup_written(number, module, *path, crate::model::Space::Types)
                    == Some(Target::Def(of_trait))
            });
            if role.allow_in.has_def(model, def) {
                continue;
            }
            if !writes || role.by_macros.contains(&def) || model.is_test(def) && !role.in_tests {
                continue;
            }
            let calls = calls(model, def);
            let (name, of) = (model.item(def).name, model.item(of_trait).name);
            let times = match calls.len() {
                0 => "is never called in this workspace".to_owned(),
                1 => "is called once".to_owned(),
                count => format!("is called {count} times"),
            };
            let message = format!("macro `{name}!` writes `impl {of}`, and {times}: not counted");
            let mut draft = Draft::on(model, Rule::MacroImplementation, def, model.def_path(of_trait))
                .says(message, "an implementation is written here")
                .sure(Confidence::Lead)
                .help(format!(
                    "if its implementations are meant, add `{}` to `implemented-by-macro` of role `{}`",
                    model.def_path(def),
                    role.name
                ));
            draft.marks.extend(calls);
            drafts.add(draft);
        }
    }
}

/// Where a macro is called.
fn calls(model: &Model, def: Def) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (placement, number) in model.placements.iter().zip(0..) {
        let index = &model.loaded.files[placement.file as usize].index;
        for call in &index.macro_calls {
            let module = placement.module_of(call.scope);
            if call.path != NONE
                && model.lookup_written(number, module, call.path, crate::model::Space::Macros)
                    == Some(Target::Def(def))
            {
                marks.push(Mark {
                    file: placement.file,
                    at: call.at,
                    text: "called here".to_owned(),
                });
            }
        }
    }
    marks.sort_by_key(|mark| (mark.file, mark.at));
    marks.dedup_by_key(|mark| (mark.file, mark.at));
    marks
}
