//! `superseded`: items that are not to be used any more.

use super::compiled::Superseded;
use super::construction::confidence;
use super::draft::{Draft, Drafts};
use super::import_sites::{import_sites, used};
use super::zone::{Spot, Zone};
use crate::finding::{Confidence, Rule};
use crate::model::{Def, Model, Module, Site, Target};

/// Uses of what a rule calls superseded.
pub(super) fn superseded(
    model: &Model,
    rule: &Superseded,
    sites: &[Site],
    generated: bool,
    drafts: &mut Drafts,
) {
    let allowed = |spot: Spot, test: bool| {
        (spot.is_test(model, test) && !rule.in_tests)
            || (spot.is_generated(model) && !generated)
            || rule.allow_in.has(model, spot)
            // Old code may use old code.
            || rule.items.has(model, spot)
    };
    for site in sites {
        let Some(old) = old(
            model,
            &rule.items,
            site.resolved.def(),
            site.resolved.of,
            &site.resolved.passed,
            site.resolved.target,
        ) else {
            continue;
        };
        let spot = Spot::from(site);
        if allowed(spot, site.reference.test) {
            continue;
        }
        drafts.add(draft(model, rule, &old, spot, site.reference.at).sure(confidence(site)));
    }
    let used = used(sites);
    let wanted = |passed: &[Module], targets: &[Target]| {
        targets.iter().any(|target| match target {
            Target::Def(def) => old(model, &rule.items, Some(*def), None, passed, None).is_some(),
            Target::Module(_) | Target::Outside => {
                old(model, &rule.items, None, None, passed, Some(*target)).is_some()
            }
        }) || targets.is_empty() && passed.iter().any(|module| rule.items.has_module(model, *module))
    };
    for import in import_sites(model, wanted) {
        if used.contains(&import.id) && !import.public || allowed(import.spot, import.test) {
            continue;
        }
        let first = import.targets.first().copied();
        let def = match first {
            Some(Target::Def(def)) => Some(def),
            _ => None,
        };
        if let Some(old) = old(model, &rule.items, def, None, &import.passed, first) {
            drafts.add(draft(model, rule, &old, import.spot, import.at).sure(Confidence::Import));
        }
    }
}

/// What of the superseded is reached.
struct Old {
    path: String,
    def: Option<Def>,
}

fn old(
    model: &Model,
    items: &Zone,
    def: Option<Def>,
    of: Option<Def>,
    passed: &[Module],
    target: Option<Target>,
) -> Option<Old> {
    let reached = def.filter(|def| items.has_def(model, *def));
    let owner = of.filter(|def| items.has_def(model, *def));
    if let Some(def) = reached.or(owner) {
        return Some(Old {
            path: model.def_path(def),
            def: Some(def),
        });
    }
    // A re-export in a superseded module is as old as the module.
    let module = passed.iter().find(|module| items.has_module(model, **module));
    if let Some(module) = module {
        let path = def.map_or_else(|| model.module_path(*module), |def| model.def_path(def));
        return Some(Old { path, def });
    }
    match target {
        Some(Target::Module(module)) if items.has_module(model, module) => Some(Old {
            path: model.module_path(module),
            def: None,
        }),
        _ => None,
    }
}

fn draft(model: &Model, rule: &Superseded, old: &Old, spot: Spot, at: u32) -> Draft {
    let name = old.path.rsplitn(3, "::").collect::<Vec<_>>();
    let short = match &*name {
        [last, before, _] => format!("{before}::{last}"),
        _ => old.path.clone(),
    };
    let message = match &rule.by {
        Some(by) => format!("use of superseded `{short}`; its replacement is `{by}`"),
        None => format!("use of superseded `{short}`"),
    };
    let mut draft = Draft::at(model, Rule::Superseded, spot, at, old.path.clone()).says(message, "used here");
    let since = rule
        .since
        .as_ref()
        .map(|since| format!("superseded since {since}"));
    let issue = rule.issue.as_ref().map(|issue| format!("see {issue}"));
    let notes: Vec<String> = since.into_iter().chain(issue).collect();
    if !notes.is_empty() {
        draft = draft.note(notes.join(", "));
    }
    if let Some(by) = &rule.by {
        draft = draft.help(format!("use `{by}`"));
    }
    match old.def {
        Some(def) if model.item(def).flags.deprecated => draft.see(model, def, "deprecated here"),
        Some(def) => draft.see(model, def, "defined here"),
        None => draft,
    }
}
