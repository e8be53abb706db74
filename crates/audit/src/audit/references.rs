//! Every path of a workspace and what it leads to, for whoever holds the resolver against another one.

use std::path::Path;

use super::run::absolute;
use crate::error::Error;
use crate::model::{Class, Model, Resolved, TEST_MODULES, Target};
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

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reached {
    /// A definition of the workspace: its file and where its name stands, or the first byte of a crate.
    Definition {
        /// As in [`Reference::file`].
        file: String,
        /// In bytes.
        at: usize,
    },
    /// An associated item, which is not known, of a type that is: that type.
    ItemOf {
        /// As in [`Reference::file`].
        file: String,
        /// In bytes.
        at: usize,
    },
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
    let mut references = Vec::new();
    for (placement, number) in model.placements.iter().zip(0..) {
        let file = model.relative(&model.loaded.files[placement.file as usize].path);
        model.each_reference(number, |reference, resolved| {
            references.push(Reference {
                file: file.clone(),
                at: reference.at as usize,
                reached: reached(&model, resolved),
            });
        });
    }
    Ok(references)
}

fn reached(model: &Model, resolved: &Resolved) -> Reached {
    match (resolved.class, resolved.target) {
        (Class::Workspace, Some(target)) => {
            let (file, at) = place(model, target);
            if resolved.unknown.is_some() {
                Reached::ItemOf { file, at }
            } else {
                Reached::Definition { file, at }
            }
        }
        (Class::Workspace | Class::Outside, _) => Reached::Outside,
        (Class::MacroMade, _) => Reached::MacroMade,
        (Class::Local, _) => Reached::Local,
        (Class::Unresolved, _) => Reached::Nowhere,
    }
}

fn place(model: &Model, target: Target) -> (String, usize) {
    let def = match target {
        Target::Def(def) => def,
        Target::Module(module) => {
            let entry = model.module(module);
            match entry.def {
                Some(def) => def,
                None => {
                    let root = model.crates[entry.krate as usize].target;
                    return (model.relative(&model.workspace.targets[root].root), 0);
                }
            }
        }
        Target::Outside => return (String::new(), 0),
    };
    let file = model.placement_of(def).file;
    let path = &model.loaded.files[file as usize].path;
    (model.relative(path), model.item(def).at as usize)
}
