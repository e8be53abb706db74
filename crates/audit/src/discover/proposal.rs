//! What would settle a pair: lines for `ssot.toml`.

use super::candidates::What;
use super::score::{Class, Pair};
use crate::model::{Def, Model, Target};

/// The rule that settles a pair, as TOML.
pub(super) fn proposal(model: &Model, pair: &Pair) -> String {
    let (old, new) = (&pair.old.path, &pair.new.path);
    if let (What::Type(one), What::Type(other)) = (pair.old.what, pair.new.what)
        && let Some(of_trait) = common_trait(model, one, other)
    {
        return format!(
            "[[role]]\nname = \"{}\"\ntrait = \"{}\"\ncanonical = \"{new}\"\n",
            pair.new.versioned.base.replace('_', " "),
            model.def_path(of_trait)
        );
    }
    match pair.class {
        Class::CopyOfBehaviour | Class::CopyOfData => {
            let name = old.rsplit("::").next().unwrap_or(old);
            format!("[[unique]]\nnames = [\"{name}\"]\n")
        }
        _ => format!(
            "[[superseded]]\nitems = [\"{old}\"]\nby = \"{new}\"\nallow-in = [\"{}\"]\n",
            home(old)
        ),
    }
}

/// The module around.
fn home(path: &str) -> &str {
    path.rsplit_once("::").map_or(path, |(module, _)| module)
}

/// A trait of the workspace that both implement.
pub(super) fn common_trait(model: &Model, one: Def, other: Def) -> Option<Def> {
    let traits = |def: Def| {
        model
            .impls
            .all
            .iter()
            .filter(move |entry| entry.for_type == Some(Target::Def(def)))
            .filter_map(|entry| match entry.of_trait {
                Some(Target::Def(of_trait)) => Some(of_trait),
                _ => None,
            })
    };
    let others: Vec<Def> = traits(other).collect();
    let mut common: Vec<Def> = traits(one).filter(|found| others.contains(found)).collect();
    common.sort_by_key(|def| model.def_path(*def));
    common.first().copied()
}
