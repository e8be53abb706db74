//! Every path of a workspace and what it leads to, for whoever holds the resolver against another one.

use std::path::Path;

use super::run::absolute;
use crate::error::Error;
use crate::model::{Class, Def, Model, Resolved, TEST_MODULES, Target};
use crate::name::Map;
use crate::workspace::Workspace;

/// A path in a body or a signature, and what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// Relative to the root of the workspace, with slashes.
    pub file: String,
    /// Where the path begins, in bytes.
    pub at: usize,
    /// What it leads to.
    pub reached: Reached,
}

/// A place in the sources.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// As in [`Reference::file`].
    pub file: String,
    /// In bytes.
    pub at: usize,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reached {
    /// A definition of the workspace, and those of the same canonical path, which other configurations have: where their names
    /// stand, or the first byte of a crate.
    Definition(Vec<Place>),
    /// An associated item, which is not known, of a type that is.
    ItemOf(Vec<Place>),
    /// Something of a crate that is not in the workspace.
    Outside,
    /// A name that a macro makes.
    MacroMade,
    /// A local variable, or a name of the language.
    Local,
    /// Nothing that the audit knows.
    Nowhere,
}

/// Every path in the bodies and signatures of the workspace at `folder`, one for each target that has the file, in the order of
/// targets and of the text.
///
/// # Errors
///
/// Where there is no workspace.
pub fn references(folder: &Path) -> Result<Vec<Reference>, Error> {
    let workspace = Workspace::at(&absolute(folder))?;
    let model = Model::of(workspace, &TEST_MODULES.map(str::to_owned));
    let mut alternatives: Map<String, Vec<Def>> = Map::default();
    for def in model
        .placements
        .iter()
        .flat_map(|placement| model.defs(placement))
    {
        alternatives.entry(model.def_path(def)).or_default().push(def);
    }
    let mut references = Vec::new();
    for (placement, number) in model.placements.iter().zip(0..) {
        let file = model.relative(&model.loaded.files[placement.file as usize].path);
        model.each_reference(number, |reference, resolved| {
            references.push(Reference {
                file: file.clone(),
                at: reference.at as usize,
                reached: reached(&model, &alternatives, resolved),
            });
        });
    }
    Ok(references)
}

fn reached(model: &Model, alternatives: &Map<String, Vec<Def>>, resolved: &Resolved) -> Reached {
    match (resolved.class, resolved.target) {
        (Class::Workspace, Some(target)) => {
            let places = places(model, alternatives, target);
            if resolved.unknown.is_some() {
                Reached::ItemOf(places)
            } else {
                Reached::Definition(places)
            }
        }
        (Class::Workspace | Class::Outside, _) => Reached::Outside,
        (Class::MacroMade, _) => Reached::MacroMade,
        (Class::Local, _) => Reached::Local,
        (Class::Unresolved, _) => Reached::Nowhere,
    }
}

fn places(model: &Model, alternatives: &Map<String, Vec<Def>>, target: Target) -> Vec<Place> {
    let def = match target {
        Target::Def(def) => Some(def),
        Target::Module(module) => model.module(module).def,
        Target::Outside => return Vec::new(),
    };
    if let Some(def) = def {
        let known = alternatives.get(&model.def_path(def));
        return known
            .into_iter()
            .flatten()
            .map(|def| place(model, *def))
            .collect();
    }
    let Target::Module(module) = target else {
        return Vec::new();
    };
    let root = model.crates[model.module(module).krate as usize].target;
    let file = model.relative(&model.workspace.targets[root].root);
    vec![Place { file, at: 0 }]
}

fn place(model: &Model, def: Def) -> Place {
    let file = model.placement_of(def).file;
    let path = &model.loaded.files[file as usize].path;
    Place {
        file: model.relative(path),
        at: model.item(def).at as usize,
    }
}
