//! `payload`: a type built in one place, and its names written in one place.

use super::compiled::{Payload, text_value};
use super::construction::{Built, at_home, built, confidence, with_aliases};
use super::draft::{Draft, Drafts};
use super::zone::Spot;
use crate::finding::{Confidence, Rule};
use crate::model::{Def, Model, Module, Site};
use crate::name::Map;
use crate::syntax::hash_of;
use crate::syntax::index::{ItemKind, NONE};

/// Payloads assembled, and names written, outside their places.
pub(super) fn payload(model: &Model, rule: &Payload, sites: &[Site], generated: bool, drafts: &mut Drafts) {
    let of = model.type_behind(rule.of_type);
    let names = with_aliases(model, of);
    let name = model.item(of).name;
    for site in sites {
        let Some(how) = built(model, site, of, &names) else {
            continue;
        };
        // Functions that assemble one are there to be called; their own bodies are looked at.
        if matches!(how, Built::Constructor(_)) {
            continue;
        }
        let spot = Spot::from(site);
        let skipped = spot.is_test(model, site.reference.test) && !rule.in_tests;
        if skipped || spot.is_generated(model) && !generated {
            continue;
        }
        if rule.built_in.has(model, spot) || at_home(model, spot, of) {
            continue;
        }
        let how = how.describe(name.as_str());
        let places = rule.built_in_names.join("` or `");
        let draft = Draft::at(model, Rule::Payload, spot, site.reference.at, model.def_path(of))
            .says(
                format!("payload {how} is assembled here, outside `{places}`"),
                "assembled here",
            )
            .sure(confidence(site))
            .help(format!("let `{places}` assemble it"))
            .see(model, of, "defined here");
        drafts.add(draft);
    }
    if let Some(module) = rule.names_in {
        texts(model, rule, module, generated, drafts);
    }
}

/// The constants of a module, and of those in it, that are texts.
pub(super) fn constants(model: &Model, module: Module) -> Vec<(Def, &'static str)> {
    let mut found = Vec::new();
    for placement in &model.placements {
        for def in model.defs(placement) {
            let item = model.item(def);
            let constant = matches!(
                item.kind,
                ItemKind::Constant | ItemKind::AssocConstant | ItemKind::Static
            );
            if let Some(value) = text_value(&item.detail)
                && constant
                && model.is_within(model.module_around(def), module)
            {
                found.push((def, value));
            }
        }
    }
    found
}

fn texts(model: &Model, rule: &Payload, module: Module, generated: bool, drafts: &mut Drafts) {
    let constants = constants(model, module);
    let by_hash: Map<u64, (Def, &str)> = constants
        .iter()
        .filter(|(_, value)| value.len() >= 3)
        .map(|(def, value)| (hash_of(value.as_bytes()), (*def, *value)))
        .collect();
    for (placement, number) in model.placements.iter().zip(0..) {
        let index = &model.loaded.files[placement.file as usize].index;
        if index.generated && !generated {
            continue;
        }
        for text in &index.texts {
            let Some((def, value)) = by_hash.get(&text.value).copied() else {
                continue;
            };
            let spot = Spot {
                placement: number,
                scope: text.scope,
                item: text.item,
                in_impl: NONE,
            };
            if copy_is_fine(model, rule, module, spot, text.test) {
                continue;
            }
            drafts.add(copy(model, def, value, spot, text.at));
        }
        for other in model.defs(placement) {
            let item = model.item(other);
            let Some((def, value)) = text_value(&item.detail)
                .and_then(|value| by_hash.get(&hash_of(value.as_bytes())))
                .copied()
            else {
                continue;
            };
            let spot = Spot {
                item: other.0 - placement.first_def,
                ..Spot::of(model, other)
            };
            if !copy_is_fine(model, rule, module, spot, item.flags.test) {
                drafts.add(copy(model, def, value, spot, item.at));
            }
        }
    }
}

fn copy_is_fine(model: &Model, rule: &Payload, names: Module, spot: Spot, test: bool) -> bool {
    (spot.is_test(model, test) && !rule.in_tests)
        || model.is_within(spot.module(model), names)
        || spot.item != NONE && {
            // The enum's own text form, if it stands with the names' type.
            rule.built_in.defs.iter().any(|_| rule.built_in.has(model, spot))
        }
}

fn copy(model: &Model, def: Def, value: &str, spot: Spot, at: u32) -> Draft {
    let name = model.def_path(def);
    let short = name.rsplitn(3, "::").take(2).collect::<Vec<_>>();
    let short = short.into_iter().rev().collect::<Vec<_>>().join("::");
    Draft::at(model, Rule::Payload, spot, at, name.clone())
        .says(
            format!("literal \"{value}\" is the value of `{short}`"),
            "written again here",
        )
        .sure(Confidence::Exact)
        .help(format!("use `{name}`"))
        .see(model, def, "the one place")
}
