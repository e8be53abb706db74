//! Impls: of which trait, for which type, and what they define.

use super::types::{Def, Model, Module, Space, Target};
use crate::name::{Map, Name};
use crate::syntax::index::{ItemKind, Lead, NONE};

/// The impls of a workspace.
#[derive(Debug, Default)]
pub(crate) struct Impls {
    pub(crate) all: Vec<ImplEntry>,
    /// The associated items of each type: those of its own impls before those of traits.
    associated: Map<(Def, Name), Def>,
    /// The items of each trait.
    of_traits: Map<(Def, Name), Def>,
    /// The traits of each type.
    traits: Map<Def, Vec<Def>>,
    /// The names of the functions of each type's own impls, and of each trait.
    functions: Map<Def, Vec<Name>>,
}

/// An impl at one place of one crate's module tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImplEntry {
    pub(crate) placement: u32,
    /// Its number in the file.
    pub(crate) number: u32,
    /// None for an impl without a trait, and where the trait is not known.
    pub(crate) of_trait: Option<Target>,
    pub(crate) for_type: Option<Target>,
}

impl Impls {
    /// The names of the functions of every type and trait.
    pub(crate) fn all_functions(&self) -> impl Iterator<Item = &Vec<Name>> {
        self.functions.values()
    }

    /// The names of the functions of a type's impls, or of a trait, sorted.
    pub(crate) fn functions_of(&self, def: Def) -> Vec<Name> {
        self.functions.get(&def).cloned().unwrap_or_default()
    }
}

impl Model {
    /// Resolves the traits and types of all impls.
    pub(super) fn resolve_impls(&mut self) {
        let mut impls = Impls::default();
        for (placement, placement_number) in self.placements.iter().zip(0..) {
            let index = &self.loaded.files[placement.file as usize].index;
            let mut types = Vec::with_capacity(index.impls.len());
            for (entry, number) in index.impls.iter().zip(0..) {
                let module = placement.module_of(entry.scope);
                let target = |path: u32| {
                    if path == NONE {
                        return None;
                    }
                    let written = &index.paths[path as usize];
                    self.lookup_path(module, written.lead, &written.names, Space::Types, None)
                };
                let for_type = target(entry.self_path).map(|target| self.behind(target));
                types.push(for_type);
                let of_trait = target(entry.trait_path);
                if let (Some(Target::Def(of_trait)), Some(Target::Def(def))) = (of_trait, for_type) {
                    impls.traits.entry(def).or_default().push(of_trait);
                }
                impls.all.push(ImplEntry {
                    placement: placement_number,
                    number,
                    of_trait,
                    for_type,
                });
            }
            for (item, number) in index.items.iter().zip(0..) {
                let def = placement.def(number);
                if item.in_impl != NONE && item.kind.is_associated() {
                    let Some(Target::Def(owner)) = types[item.in_impl as usize] else {
                        continue;
                    };
                    let inherent = index.impls[item.in_impl as usize].trait_path == NONE;
                    let known = impls.associated.entry((owner, item.name)).or_insert(def);
                    if inherent {
                        *known = def;
                    }
                } else if item.owner != NONE && item.kind.is_associated() {
                    impls
                        .of_traits
                        .entry((placement.def(item.owner), item.name))
                        .or_insert(def);
                }
            }
        }
        for ((owner, name), def) in impls.associated.iter().chain(&impls.of_traits) {
            if self.item(*def).kind == ItemKind::AssocFunction {
                impls.functions.entry(*owner).or_default().push(*name);
            }
        }
        for names in impls.functions.values_mut() {
            names.sort_by_key(|name| name.as_str());
            names.dedup();
        }
        self.impls = impls;
    }

    fn behind(&self, target: Target) -> Target {
        match target {
            Target::Def(def) => Target::Def(self.type_behind(def)),
            other => other,
        }
    }

    /// The associated item of a type or a trait with this name: its own, else what a trait of it provides.
    pub(crate) fn associated(&self, owner: Def, name: Name) -> Option<Def> {
        let impls = &self.impls;
        let key = (owner, name);
        let known = impls.associated.get(&key).or_else(|| impls.of_traits.get(&key));
        let provided = || {
            let mut traits = impls.traits.get(&owner)?.iter();
            traits.find_map(|of_trait| impls.of_traits.get(&(*of_trait, name)))
        };
        known.or_else(provided).copied()
    }

    /// What `Self` is within an item: the type of the impl, or the trait.
    pub(crate) fn self_type(&self, placement: u32, item: u32, in_impl: u32) -> Option<Target> {
        if in_impl != NONE {
            let first = self
                .impls
                .all
                .partition_point(|entry| (entry.placement, entry.number) < (placement, in_impl));
            return self.impls.all.get(first)?.for_type;
        }
        let entry = &self.placements[placement as usize];
        let index = &self.loaded.files[entry.file as usize].index;
        let mut at = item;
        while at != NONE {
            let item = &index.items[at as usize];
            if matches!(
                item.kind,
                ItemKind::Trait | ItemKind::Struct | ItemKind::Enum | ItemKind::Union
            ) {
                return Some(Target::Def(entry.def(at)));
            }
            at = item.owner;
        }
        None
    }

    /// Of a written path of a file, what it leads to in a module.
    pub(crate) fn lookup_written(
        &self,
        placement: u32,
        module: Module,
        path: u32,
        space: Space,
    ) -> Option<Target> {
        let file = self.placements[placement as usize].file;
        let written = &self.loaded.files[file as usize].index.paths[path as usize];
        if written.lead == Lead::SelfType {
            return None;
        }
        self.lookup_path(module, written.lead, &written.names, space, None)
    }
}
