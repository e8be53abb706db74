//! Items whose documentation says in so many words what has their place: `SSOT: superseded by path`.

use super::proposals::Competing;
use crate::model::{Model, Space, Target};
use crate::name::Name;
use crate::syntax::index::NONE;
use crate::syntax::lead_of;

/// What is declared, in the order of paths, each with the rule that it asks for.
pub(super) fn declared(model: &Model) -> Vec<Competing> {
    let mut found = Vec::new();
    for placement in &model.placements {
        let index = &model.loaded.files[placement.file as usize].index;
        for entry in &index.superseded {
            let (old, module) = match entry.item {
                NONE => (model.module_path(placement.module), placement.module),
                item => {
                    let def = placement.def(item);
                    (model.def_path(def), model.module_around(def))
                }
            };
            let mut reasons = vec![format!(
                "its documentation says that it is superseded by `{}`",
                entry.by
            )];
            let new = canonical(model, module, &entry.by).unwrap_or_else(|| {
                reasons.push(format!("there is no `{}` in this workspace", entry.by));
                entry.by.clone()
            });
            let home = old.rsplit_once("::").map_or(&*old, |(module, _)| module);
            found.push(Competing {
                score: 1000,
                class: DECLARED,
                toml: format!(
                    "[[superseded]]\nitems = [\"{old}\"]\nby = \"{new}\"\nallow-in = [\"{home}\"]\n"
                ),
                old,
                new,
                reasons,
                more: 0,
            });
        }
    }
    found.sort_by(|one, other| (&one.old, &one.new).cmp(&(&other.old, &other.new)));
    // A file in two targets of one crate.
    found.dedup();
    found
}

/// The class of what is not guessed.
pub(super) const DECLARED: &str = "declared";

/// The canonical path of what a path means in a module, or in the workspace.
fn canonical(model: &Model, module: crate::model::Module, path: &str) -> Option<String> {
    let names: Vec<Name> = path.trim_start_matches("::").split("::").map(Name::new).collect();
    let (lead, dropped) = lead_of(&names, path.starts_with("::"))?;
    let lexical = [Space::Types, Space::Values, Space::Macros]
        .into_iter()
        .find_map(|space| model.lookup_path(module, lead, &names[dropped..], space, None))
        .filter(|target| *target != Target::Outside);
    match lexical.or_else(|| model.find(path))? {
        Target::Def(def) => Some(model.def_path(def)),
        Target::Module(module) => Some(model.module_path(module)),
        Target::Outside => None,
    }
}
