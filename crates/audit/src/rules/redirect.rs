//! `redirect`: modules that only re-export, and that nobody goes through.

use super::compiled::Redirect;
use super::construction::confidence;
use super::draft::{Draft, Drafts};
use super::import_sites::{import_sites, used};
use super::zone::{Spot, Zone};
use crate::finding::{Confidence, Rule};
use crate::model::{Def, Model, Module, Site, Target};
use crate::name::Name;
use crate::syntax::index::{ItemKind, NONE};

/// Definitions in redirects, and ways through them.
pub(super) fn redirect(model: &Model, rule: &Redirect, all: &Zone, sites: &[Site], drafts: &mut Drafts) {
    let zone = Zone {
        modules: rule.modules.clone(),
        defs: Vec::new(),
    };
    content(model, rule, &zone, drafts);
    ways(model, rule, all, sites, drafts);
}

fn content(model: &Model, rule: &Redirect, zone: &Zone, drafts: &mut Drafts) {
    for (placement, number) in model.placements.iter().zip(0..) {
        for def in model.defs(placement) {
            let item = model.item(def);
            let skipped = matches!(item.kind, ItemKind::Module | ItemKind::Alias | ItemKind::Variant)
                || item.kind.is_associated()
                || item.owner != NONE
                || item.flags.nominal
                || model.module(model.module_around(def)).block;
            if skipped || !zone.has_module(model, model.module_around(def)) {
                continue;
            }
            if !model.is_test(def) || rule.in_tests {
                drafts.add(definition(model, rule, zone, def));
            }
        }
        let index = &model.loaded.files[placement.file as usize].index;
        for entry in model.impls.all.iter().filter(|entry| entry.placement == number) {
            let written = &index.impls[entry.number as usize];
            let spot = Spot {
                placement: number,
                scope: written.scope,
                item: written.owner,
                in_impl: NONE,
            };
            let own =
                |target: Option<Target>| matches!(target, Some(Target::Def(def)) if zone.has_def(model, def));
            let of_own = own(entry.for_type) || own(entry.of_trait);
            let skipped = spot.is_test(model, written.flags.test) && !rule.in_tests;
            if !of_own && !skipped && zone.has_module(model, spot.module(model)) {
                let place = model.impl_place(number, entry.number);
                let mut draft = Draft::at(model, Rule::CodeInRedirect, spot, written.at, place.clone())
                    .says(
                        format!(
                            "`{}` must only redirect, but holds an impl",
                            redirect_of(model, zone, spot.module(model))
                        ),
                        "the type is defined elsewhere, so that this is glue",
                    )
                    .sure(Confidence::Lead)
                    .help("move it to the type or to the trait");
                draft.place = place;
                drafts.add(draft);
            }
        }
        for call in index.macro_calls.iter().filter(|call| call.opaque) {
            let spot = Spot {
                placement: number,
                scope: call.scope,
                item: NONE,
                in_impl: NONE,
            };
            if zone.has_module(model, spot.module(model)) {
                let module = redirect_of(model, zone, spot.module(model));
                let draft = Draft::at(model, Rule::CodeInRedirect, spot, call.at, module.clone())
                    .says(
                        format!("`{module}` must only redirect, but calls a macro that may define anything"),
                        "what it writes is not visible to the audit",
                    )
                    .sure(Confidence::Lead);
                drafts.add(draft);
            }
        }
    }
}

fn definition(model: &Model, rule: &Redirect, zone: &Zone, def: Def) -> Draft {
    let item = model.item(def);
    let module = redirect_of(model, zone, model.module_around(def));
    let to = rule
        .to
        .map_or_else(String::new, |to| format!(" to `{}`", target_path(model, to)));
    let message = format!(
        "`{module}` must only redirect{to}, but defines {} `{}`",
        item.kind.as_str(),
        item.name
    );
    let sure = if item.flags.in_macro {
        Confidence::MacroTokens
    } else {
        Confidence::Exact
    };
    let draft = Draft::on(model, Rule::CodeInRedirect, def, model.def_path(def))
        .says(message, "defined here")
        .sure(sure);
    match replacement(model, rule, item.name) {
        Some(path) => draft.help(format!("replace it: `pub use {path};`")),
        None => draft.help("move it, or remove it with its last use"),
    }
}

/// What is to be written in place of a name of a redirect.
fn replacement(model: &Model, rule: &Redirect, name: Name) -> Option<String> {
    match rule.to? {
        Target::Module(module) => {
            let binding = model.module(module).names.get(&name)?;
            let known = binding.types.or(binding.values).or(binding.macros)?;
            (known.target != Target::Outside).then(|| format!("{}::{name}", model.module_path(module)))
        }
        Target::Def(def) => (model.item(def).name == name).then(|| model.def_path(def)),
        Target::Outside => None,
    }
}

fn redirect_of(model: &Model, zone: &Zone, module: Module) -> String {
    zone.modules
        .iter()
        .find(|outer| model.is_within(module, **outer))
        .map_or_else(String::new, |outer| model.module_path(*outer))
}

fn target_path(model: &Model, target: Target) -> String {
    match target {
        Target::Module(module) => model.module_path(module),
        Target::Def(def) => model.def_path(def),
        Target::Outside => String::new(),
    }
}

fn ways(model: &Model, rule: &Redirect, all: &Zone, sites: &[Site], drafts: &mut Drafts) {
    let through = |passed: &[Module]| {
        rule.modules
            .iter()
            .find(|module| passed.contains(module))
            .copied()
    };
    for site in sites {
        let Some(old) = through(&site.resolved.passed) else {
            continue;
        };
        let spot = Spot::from(site);
        let skipped = spot.is_test(model, site.reference.test) && !rule.in_tests;
        if skipped || all.has_module(model, spot.module(model)) {
            continue;
        }
        let (path, name) = match site.resolved.target {
            Some(Target::Def(_)) => {
                let def = site.resolved.of.or_else(|| site.resolved.def());
                def.map_or_else(Default::default, |def| {
                    (model.def_path(def), Some(model.item(def).name))
                })
            }
            Some(Target::Module(module)) => (model.module_path(module), None),
            _ => (model.module_path(old), None),
        };
        drafts.add(way(model, rule, old, spot, site.reference.at, path, name).sure(confidence(site)));
    }
    let used = used(sites);
    let wanted = |passed: &[Module], targets: &[Target]| {
        through(passed).is_some()
            || targets
                .iter()
                .any(|target| matches!(target, Target::Module(module) if rule.modules.contains(module)))
    };
    for import in import_sites(model, wanted) {
        if used.contains(&import.id) && !import.public {
            continue;
        }
        let skipped = import.spot.is_test(model, import.test) && !rule.in_tests;
        if skipped || all.has_module(model, import.spot.module(model)) {
            continue;
        }
        let first = import.targets.first().copied();
        let old = through(&import.passed).or(match first {
            Some(Target::Module(module)) => Some(module),
            _ => None,
        });
        let Some(old) = old else { continue };
        let (path, name) = match first {
            Some(Target::Def(def)) => (model.def_path(def), Some(model.item(def).name)),
            _ => (model.module_path(old), None),
        };
        drafts.add(way(model, rule, old, import.spot, import.at, path, name).sure(Confidence::Import));
    }
}

fn way(
    model: &Model,
    rule: &Redirect,
    old: Module,
    spot: Spot,
    at: u32,
    path: String,
    name: Option<Name>,
) -> Draft {
    let old = model.module_path(old);
    let what = name.map_or_else(|| path.clone(), |name| name.to_string());
    let mut draft = Draft::at(model, Rule::Bypass, spot, at, path).says(
        format!("`{what}` is reached through the old path `{old}`"),
        format!("goes through `{old}`"),
    );
    let to = name
        .and_then(|name| replacement(model, rule, name))
        .or_else(|| rule.to.map(|to| target_path(model, to)));
    if let Some(to) = to {
        draft = draft.help(format!("use `{to}`"));
    }
    draft
}
