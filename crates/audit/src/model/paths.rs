//! Canonical paths: as findings print them, and as `ssot.toml` names them.

use std::path::Path;

use super::types::{Def, Model, Module, Space, Target};
use crate::name::Name;
use crate::syntax::index::{ItemKind, NONE};

impl Model {
    /// A path below the workspace's folder, with slashes.
    pub(crate) fn relative(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.workspace.root).unwrap_or(path);
        path.display().to_string().replace('\\', "/")
    }

    /// The path of a module; that of a block is that of the module around it.
    pub(crate) fn module_path(&self, module: Module) -> String {
        let mut names = Vec::new();
        let mut at = Some(module);
        while let Some(module) = at {
            let entry = self.module(module);
            if !entry.block {
                names.push(entry.name.as_str());
            }
            at = entry.parent;
        }
        names.reverse();
        names.join("::")
    }

    /// The canonical path of a definition.
    pub(crate) fn def_path(&self, def: Def) -> String {
        let placement = self.placement_of(def);
        let item = self.item(def);
        let name = item.name.as_str();
        if item.in_impl != NONE && item.kind.is_associated() {
            let owner = self.impl_place(self.def_placements[def.0 as usize], item.in_impl);
            return format!("{owner}::{name}");
        }
        if item.owner != NONE {
            return format!("{}::{name}", self.def_path(placement.def(item.owner)));
        }
        let module = placement.module_of(item.scope);
        format!("{}::{name}", self.module_path(module))
    }

    /// The path of what an impl is for, where the impl stands: the trait is left out, for it may change its generics.
    pub(crate) fn impl_place(&self, placement: u32, number: u32) -> String {
        let entry = &self.placements[placement as usize];
        let index = &self.loaded.files[entry.file as usize].index;
        let written = &index.impls[number as usize];
        let module = entry.module_of(written.scope);
        let name = match written.self_path {
            NONE => "_",
            path => index.paths[path as usize]
                .names
                .last()
                .map_or("Self", |name| name.as_str()),
        };
        format!("{}::{name}", self.module_path(module))
    }

    /// The place of what stands in an item, else in an impl, else in a module.
    pub(crate) fn place(&self, placement: u32, scope: u32, item: u32, in_impl: u32) -> String {
        let entry = &self.placements[placement as usize];
        if item != NONE {
            self.def_path(entry.def(item))
        } else if in_impl != NONE {
            self.impl_place(placement, in_impl)
        } else {
            self.module_path(entry.module_of(scope))
        }
    }

    /// What a canonical path names; re-exports are followed. Types come before values.
    pub(crate) fn find(&self, path: &str) -> Option<Target> {
        let (krate, rest) = self.split_crate(path)?;
        let names: Vec<Name> = rest.iter().map(|name| Name::new(name)).collect();
        let root = Target::Module(krate);
        [Space::Types, Space::Values, Space::Macros]
            .into_iter()
            .find_map(|space| self.walk_private(root, &names, space))
    }

    fn split_crate<'p>(&self, path: &'p str) -> Option<(Module, Vec<&'p str>)> {
        // A crate's name may have braces with a blank, but no colons.
        let mut names = path.split("::");
        let first = names.next()?;
        let first = first.replace('-', "_");
        let krate = self.crates.iter().find(|krate| {
            let name = krate.name.as_str();
            name == first || name.replace('-', "_") == first
        })?;
        Some((krate.root, names.collect()))
    }

    /// As [`walk`](Self::walk), seeing private names, and associated items at the end.
    fn walk_private(&self, mut target: Target, names: &[Name], space: Space) -> Option<Target> {
        for (index, name) in names.iter().enumerate() {
            let space = if index + 1 == names.len() {
                space
            } else {
                Space::Types
            };
            target = match target {
                Target::Module(module) => {
                    let found = self.lookup_in(module, *name, space, module, None, &mut Vec::new());
                    match found {
                        Some(binding) => binding.target,
                        None if space == Space::Macros => {
                            let textual = &self.module(module).textual;
                            Target::Def(textual.iter().find(|(known, _)| known == name)?.1)
                        }
                        None => return None,
                    }
                }
                Target::Def(def) => {
                    let def = self.type_behind(def);
                    Target::Def(self.variant(def, *name).or_else(|| self.associated(def, *name))?)
                }
                Target::Outside => return None,
            };
        }
        (target != Target::Outside).then_some(target)
    }

    /// Known paths that are like one that is not: the same last name first, then the nearest.
    pub(crate) fn similar(&self, path: &str, wanted: impl Fn(ItemKind) -> bool) -> Vec<String> {
        let last = path.rsplit("::").next().unwrap_or(path);
        let mut same = Vec::new();
        let mut near: Vec<(f64, String)> = Vec::new();
        for placement in &self.placements {
            for def in self.defs(placement) {
                let item = self.item(def);
                if !wanted(item.kind) || item.in_impl != NONE {
                    continue;
                }
                if item.name.as_str() == last {
                    same.push(self.def_path(def));
                } else if strsim::jaro_winkler(item.name.as_str(), last) > 0.85 {
                    let known = self.def_path(def);
                    let score = strsim::normalized_levenshtein(&known, path);
                    if score > 0.5 {
                        near.push((score, known));
                    }
                }
            }
        }
        if wanted(ItemKind::Module) {
            for krate in &self.crates {
                if strsim::jaro_winkler(krate.name.as_str(), path) > 0.85 {
                    near.push((1.0, krate.name.to_string()));
                }
            }
        }
        near.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
        same.sort();
        same.extend(near.into_iter().map(|(_, path)| path));
        same.dedup();
        same.truncate(3);
        same
    }
}
