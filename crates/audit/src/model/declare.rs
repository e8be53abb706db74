//! The names that the items of a file declare.

use super::tree::Grower;
use super::types::{Binding, Def, Module, Placement, SPACES, Slots, Space, Target};
use crate::name::{Map, Name};
use crate::syntax::index::{Detail, FileIndex, ItemKind, NONE, Style};

impl Grower<'_> {
    /// Makes the items of a file known by their names.
    pub(super) fn definitions(&mut self, index: &FileIndex, placement: &Placement) {
        for (scope, number) in index.scopes.iter().zip(0..).skip(1) {
            if scope.module == NONE {
                continue;
            }
            let module = placement.module_of(number);
            self.declare(
                placement.def(scope.module),
                module,
                placement.module_of(scope.parent),
                index,
                scope.module,
            );
        }
        for (item, number) in index.items.iter().zip(0..) {
            let def = placement.def(number);
            let module = placement.module_of(item.scope);
            let associated = item.kind.is_associated() || item.kind == ItemKind::Variant;
            if associated || item.kind == ItemKind::Module && !item.flags.nominal {
                continue;
            }
            let entry = &mut self.model.modules[module.0 as usize];
            let binding = Binding {
                target: Target::Def(def),
                import: None,
                public: item.flags.public || item.kind == ItemKind::Macro,
            };
            if item.kind == ItemKind::Macro {
                entry.textual.push((item.name, def));
                if item.flags.exported_macro {
                    let root = self.model.crates_root(placement.krate);
                    bind(
                        &mut self.model.modules[root.0 as usize].names,
                        item.name,
                        Space::Macros,
                        binding,
                        false,
                    );
                }
                continue;
            }
            for space in SPACES {
                if stands_in(item.kind, &item.detail, space) || item.flags.nominal {
                    bind(&mut entry.names, item.name, space, binding, item.flags.nominal);
                }
            }
        }
    }

    /// Makes a module known by its name; two of one name, for two platforms, are both searched.
    pub(super) fn declare(&mut self, def: Def, module: Module, parent: Module, index: &FileIndex, item: u32) {
        let item = &index.items[item as usize];
        self.model.module_of_def.insert(def, module);
        let binding = Binding {
            target: Target::Module(module),
            import: None,
            public: item.flags.public,
        };
        match self.children.entry((parent, item.name)) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(module);
                let names = &mut self.model.modules[parent.0 as usize].names;
                bind(names, item.name, Space::Types, binding, false);
            }
            std::collections::hash_map::Entry::Occupied(first) => {
                let first = *first.get();
                self.model.modules[first.0 as usize]
                    .globs
                    .push(super::types::Glob {
                        import: super::types::ImportId {
                            placement: u32::MAX,
                            import: u32::MAX,
                        },
                        from: Target::Module(module),
                        public: true,
                    });
            }
        }
    }
}

fn bind(names: &mut Map<Name, Slots>, name: Name, space: Space, binding: Binding, weak: bool) {
    let slot = names.entry(name).or_default().slot(space);
    // Of two definitions for two platforms the first; one guessed from a macro's tokens gives way.
    if slot.is_none() || !weak && slot.is_some_and(|known| known.import.is_some()) {
        *slot = Some(binding);
    }
}

/// Whether an item's name is in a name space.
fn stands_in(kind: ItemKind, detail: &Detail, space: Space) -> bool {
    match (kind, space) {
        (
            ItemKind::Struct
            | ItemKind::Enum
            | ItemKind::Union
            | ItemKind::Trait
            | ItemKind::Alias
            | ItemKind::Module,
            Space::Types,
        )
        | (ItemKind::Function | ItemKind::Constant | ItemKind::Static, Space::Values)
        | (ItemKind::Macro, Space::Macros) => true,
        (ItemKind::Struct, Space::Values) => {
            matches!(detail, Detail::Struct { style, .. } if *style != Style::Named)
        }
        _ => false,
    }
}
