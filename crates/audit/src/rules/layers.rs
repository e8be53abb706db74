//! `layers`: modules that may not use others.

use super::compiled::Layering;
use super::construction::confidence;
use super::draft::{Draft, Drafts};
use super::import_sites::{import_sites, used};
use super::zone::{Spot, Zone};
use crate::finding::{Confidence, Rule};
use crate::model::{Model, Module, Site, Target};

/// Uses across layers.
pub(super) fn layers(model: &Model, rule: &Layering, sites: &[Site], drafts: &mut Drafts) {
    let used = used(sites);
    for (lower, forbidden) in &rule.pairs {
        for site in sites {
            let spot = Spot::from(site);
            if !lower.has(model, spot) || spot.is_test(model, site.reference.test) && !rule.in_tests {
                continue;
            }
            let Some(path) = reached(model, lower, forbidden, site.resolved.target) else {
                continue;
            };
            drafts.add(draft(model, rule, lower, spot, site.reference.at, path).sure(confidence(site)));
        }
        let wanted = |_: &[Module], targets: &[Target]| {
            targets
                .iter()
                .any(|target| reached(model, lower, forbidden, Some(*target)).is_some())
        };
        for import in import_sites(model, wanted) {
            if used.contains(&import.id) && !import.public || !lower.has(model, import.spot) {
                continue;
            }
            if import.spot.is_test(model, import.test) && !rule.in_tests {
                continue;
            }
            let first = import
                .targets
                .iter()
                .find_map(|target| reached(model, lower, forbidden, Some(*target)));
            if let Some(path) = first {
                drafts.add(draft(model, rule, lower, import.spot, import.at, path).sure(Confidence::Import));
            }
        }
    }
}

/// The path of a target that is forbidden and not the lower module's own.
fn reached(model: &Model, lower: &Zone, forbidden: &Zone, target: Option<Target>) -> Option<String> {
    match target? {
        Target::Def(def) if forbidden.has_def(model, def) && !lower.has_def(model, def) => {
            Some(model.def_path(def))
        }
        Target::Module(module) if forbidden.has_module(model, module) && !lower.has_module(model, module) => {
            Some(model.module_path(module))
        }
        _ => None,
    }
}

fn draft(model: &Model, rule: &Layering, lower: &Zone, spot: Spot, at: u32, path: String) -> Draft {
    let module = lower
        .modules
        .iter()
        .find(|outer| model.is_within(spot.module(model), **outer))
        .map_or_else(|| spot.path(model), |outer| model.module_path(*outer));
    let what = match &rule.name {
        Some(name) => format!("layers `{name}`: `{module}` may not use `{path}`"),
        None => format!("`{module}` may not use `{path}`"),
    };
    Draft::at(model, Rule::Layer, spot, at, path)
        .says(what, "used here")
        .help("move what both need below both, or pass it in from above")
}
