//! Names in modules: own ones, those of globs, those of blocks around, those that every module has.

use super::prelude::{is_prelude, is_sysroot};
use super::types::{Binding, Def, ImportId, Model, Module, Space, Target};
use crate::name::Name;
use crate::syntax::index::{Detail, ItemKind, Lead};

/// A module and a name space that a search has been to.
type Visited = Vec<Module>;

impl Model {
    /// What a path leads to, from a module. `but` is the import that is being resolved, which does not explain itself.
    pub(crate) fn lookup_path(
        &self,
        module: Module,
        lead: Lead,
        names: &[Name],
        space: Space,
        but: Option<ImportId>,
    ) -> Option<Target> {
        let krate = self.module(module).krate;
        match lead {
            Lead::Crate => self.walk(Target::Module(self.crates_root(krate)), names, space, module, but),
            Lead::Here => self.walk(
                Target::Module(self.named_module(module)),
                names,
                space,
                module,
                but,
            ),
            Lead::Super(count) => {
                let target = self.ancestor(module, count)?;
                self.walk(Target::Module(target), names, space, module, but)
            }
            Lead::Global => self.outside(krate, names, space, module),
            Lead::SelfType => None,
            Lead::Name => {
                let (first, rest) = names.split_first()?;
                let first_space = if rest.is_empty() { space } else { Space::Types };
                let target = self.lookup_lexical(module, *first, first_space, but)?.target;
                self.walk(target, rest, space, module, but)
            }
        }
    }

    /// The module so many steps up.
    pub(crate) fn ancestor(&self, module: Module, count: u8) -> Option<Module> {
        let mut target = self.named_module(module);
        for _ in 0..count {
            target = self.named_module(self.module(target).parent?);
        }
        Some(target)
    }

    /// What a path of an extern crate leads to.
    pub(super) fn outside(&self, krate: u32, names: &[Name], space: Space, from: Module) -> Option<Target> {
        let (first, rest) = names.split_first()?;
        let target = self.extern_crate(krate, *first)?;
        self.walk(target, rest, space, from, None)
    }

    /// What the rest of a path leads to, from a target.
    pub(crate) fn walk(
        &self,
        mut target: Target,
        names: &[Name],
        space: Space,
        from: Module,
        but: Option<ImportId>,
    ) -> Option<Target> {
        for (index, name) in names.iter().enumerate() {
            let space = if index + 1 == names.len() {
                space
            } else {
                Space::Types
            };
            target = match target {
                Target::Outside => return Some(Target::Outside),
                Target::Module(module) => {
                    self.lookup_in(module, *name, space, from, but, &mut Visited::new())?
                        .target
                }
                // What a macro makes may have variants of any name.
                Target::Def(def) if self.item(def).flags.nominal => return Some(target),
                Target::Def(def) => Target::Def(self.variant(self.type_behind(def), *name)?),
            };
        }
        Some(target)
    }

    /// The variant of an enum with this name.
    pub(crate) fn variant(&self, def: Def, name: Name) -> Option<Def> {
        let item = self.item(def);
        if item.kind != ItemKind::Enum {
            return None;
        }
        let Detail::Struct { fields, .. } = &item.detail else {
            return None;
        };
        if !fields.iter().any(|(field, _)| *field == name) {
            return None;
        }
        let placement = self.placement_of(def);
        let index = &self.loaded.files[placement.file as usize].index;
        let own = def.0 - placement.first_def;
        let from = own as usize + 1;
        (from..index.items.len())
            .take_while(|item| index.items[*item].owner == own)
            .find(|item| index.items[*item].name == name && index.items[*item].kind == ItemKind::Variant)
            .and_then(|item| u32::try_from(item).ok())
            .map(|item| placement.def(item))
    }

    /// A name as seen from a module or a block.
    pub(crate) fn lookup_lexical(
        &self,
        module: Module,
        name: Name,
        space: Space,
        but: Option<ImportId>,
    ) -> Option<Binding> {
        let mut at = module;
        loop {
            if let Some(binding) = self.lookup_in(at, name, space, module, but, &mut Visited::new()) {
                return Some(binding);
            }
            if space == Space::Macros
                && let Some(def) = self.textual_macro(at, name)
            {
                return Some(plain(Target::Def(def)));
            }
            let entry = self.module(at);
            if !entry.block && space != Space::Macros {
                break;
            }
            match entry.parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        let krate = self.module(module).krate;
        if space == Space::Types
            && let Some(target) = self.extern_crate(krate, name)
        {
            return Some(plain(target));
        }
        // `#[macro_use] extern crate` and the prelude's own names stand at the root.
        if self.crates[krate as usize].edition_2015 || space == Space::Types {
            let root = self.module(self.crates_root(krate));
            let binding = root.names.get(&name).and_then(|slots| slots.get(space));
            let is_crate = binding.and_then(|binding| binding.import).is_some_and(|import| {
                matches!(self.import(import).what, crate::syntax::index::Imported::Crate(_))
            });
            if is_crate {
                return binding;
            }
        }
        (space != Space::Macros && is_prelude(name)).then(|| plain(Target::Outside))
    }

    fn textual_macro(&self, module: Module, name: Name) -> Option<Def> {
        let entry = self.module(module);
        entry
            .textual
            .iter()
            .rev()
            .find(|(known, _)| *known == name)
            .map(|(_, def)| *def)
    }

    /// A name of a module as seen from `from`.
    pub(crate) fn lookup_in(
        &self,
        module: Module,
        name: Name,
        space: Space,
        from: Module,
        but: Option<ImportId>,
        visited: &mut Visited,
    ) -> Option<Binding> {
        let entry = self.module(module);
        let own = entry
            .names
            .get(&name)
            .and_then(|slots| slots.get(space))
            .filter(|binding| but.is_none() || binding.import != but)
            .filter(|binding| binding.public || self.sees_private(from, module));
        // An import says that the name is meant, whatever made it.
        let guessed = matches!(own, Some(Binding { target: Target::Def(def), import: None, .. }) if self.item(def).flags.nominal);
        if own.is_some() && !guessed {
            return own;
        }
        if entry.globs.is_empty() || visited.contains(&module) {
            return own;
        }
        visited.push(module);
        for glob in &entry.globs {
            if Some(glob.import) == but || !(glob.public || self.sees_private(from, module)) {
                continue;
            }
            let found = match glob.from {
                Target::Module(inner) => self
                    .lookup_in(
                        inner,
                        name,
                        space,
                        if glob.import.placement == u32::MAX {
                            from
                        } else {
                            module
                        },
                        but,
                        visited,
                    )
                    .map(|binding| binding.target),
                Target::Def(def) if space != Space::Macros => {
                    self.variant(self.type_behind(def), name).map(Target::Def)
                }
                Target::Def(_) | Target::Outside => None,
            };
            if let Some(target) = found {
                return Some(Binding {
                    target,
                    import: (glob.import.placement != u32::MAX).then_some(glob.import),
                    public: glob.public,
                });
            }
        }
        own
    }

    fn sees_private(&self, from: Module, module: Module) -> bool {
        self.is_within(from, self.named_module(module))
    }

    /// The crate that a name stands for in the paths of another.
    pub(super) fn extern_crate(&self, krate: u32, name: Name) -> Option<Target> {
        let krate = &self.crates[krate as usize];
        let package = &self.workspace.packages[self.workspace.targets[krate.target].package];
        if let Some(library) = package.dependencies.get(&name) {
            return Some(library.map_or(Target::Outside, |library| self.library(library)));
        }
        // A package's other targets see its library.
        if let Some(library) = package.library
            && library != krate.target
            && self.workspace.targets[library].name == name
        {
            return Some(self.library(library));
        }
        is_sysroot(name).then_some(Target::Outside)
    }

    /// The crate of a target: crates stand in the order of targets.
    fn library(&self, target: usize) -> Target {
        Target::Module(self.crates[target].root)
    }

    /// The type that an alias stands for; the type itself, if it is none.
    pub(crate) fn type_behind(&self, def: Def) -> Def {
        let mut def = def;
        // A cycle of aliases ends too.
        for _ in 0..16 {
            let item = self.item(def);
            let Detail::Alias(path) = item.detail else {
                return def;
            };
            if !matches!(item.kind, ItemKind::Alias | ItemKind::AssocType)
                || path == crate::syntax::index::NONE
            {
                return def;
            }
            let placement = self.placement_of(def);
            let written = &self.loaded.files[placement.file as usize].index.paths[path as usize];
            let module = placement.module_of(item.scope);
            match self.lookup_path(module, written.lead, &written.names, Space::Types, None) {
                Some(Target::Def(next)) if next != def => def = next,
                _ => return def,
            }
        }
        def
    }
}

fn plain(target: Target) -> Binding {
    Binding {
        target,
        import: None,
        public: false,
    }
}
