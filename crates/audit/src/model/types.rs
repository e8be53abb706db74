//! Crates, modules and definitions of a workspace.

use crate::name::{Map, Name};
use crate::syntax::index::{Import, Item};
use crate::workspace::{TargetKind, Workspace};

use super::load::Loaded;

/// A definition: an item at one place of one crate's module tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Def(pub(crate) u32);

/// A module or a block with items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Module(pub(crate) u32);

/// An import at one place of one crate's module tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ImportId {
    pub(crate) placement: u32,
    pub(crate) import: u32,
}

/// A file in the module tree of one crate.
#[derive(Debug)]
pub(crate) struct Placement {
    pub(crate) file: u32,
    pub(crate) krate: u32,
    /// What the file's own scope is.
    pub(crate) module: Module,
    /// Of its second scope; further ones follow.
    pub(crate) first_module: u32,
    pub(crate) first_def: u32,
    /// Whether an earlier placement of the same crate has the same file.
    pub(crate) test: bool,
}

#[derive(Debug)]
pub(crate) struct Crate {
    /// As findings and `ssot.toml` name it.
    pub(crate) name: Name,
    pub(crate) target: usize,
    pub(crate) root: Module,
    pub(crate) kind: TargetKind,
    pub(crate) edition_2015: bool,
}

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct ModuleEntry {
    pub(crate) parent: Option<Module>,
    pub(crate) krate: u32,
    pub(crate) name: Name,
    /// The item that declares it.
    pub(crate) def: Option<Def>,
    pub(crate) block: bool,
    pub(crate) test: bool,
    pub(crate) names: Map<Name, Slots>,
    /// Glob imports of it that are resolved.
    pub(crate) globs: Vec<Glob>,
    /// A glob import from outside the workspace: any name may come from there.
    pub(crate) outside_glob: bool,
    /// A macro call whose tokens say nothing: any name may come from there.
    pub(crate) opaque: bool,
    /// `macro_rules!`, which are in scope below where they stand.
    pub(crate) textual: Vec<(Name, Def)>,
}

/// A glob import that is resolved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glob {
    pub(crate) import: ImportId,
    pub(crate) from: Target,
    pub(crate) public: bool,
}

/// What a name means, in each name space.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Slots {
    pub(crate) types: Option<Binding>,
    pub(crate) values: Option<Binding>,
    pub(crate) macros: Option<Binding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) target: Target,
    pub(crate) import: Option<ImportId>,
    pub(crate) public: bool,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    Def(Def),
    Module(Module),
    /// Something of a crate that is not in the workspace.
    Outside,
}

/// A name space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Space {
    Types,
    Values,
    Macros,
}

impl Space {
    pub(crate) fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Slots {
    pub(crate) fn get(&self, space: Space) -> Option<Binding> {
        match space {
            Space::Types => self.types,
            Space::Values => self.values,
            Space::Macros => self.macros,
        }
    }

    pub(crate) fn slot(&mut self, space: Space) -> &mut Option<Binding> {
        match space {
            Space::Types => &mut self.types,
            Space::Values => &mut self.values,
            Space::Macros => &mut self.macros,
        }
    }
}

pub(crate) const SPACES: [Space; 3] = [Space::Types, Space::Values, Space::Macros];

/// A workspace whose names are known.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) workspace: Workspace,
    pub(crate) loaded: Loaded,
    pub(crate) crates: Vec<Crate>,
    pub(crate) placements: Vec<Placement>,
    pub(crate) modules: Vec<ModuleEntry>,
    /// The placement of each definition.
    pub(crate) def_placements: Vec<u32>,
    /// The module that each module item declares.
    pub(crate) module_of_def: Map<Def, Module>,
    pub(crate) impls: super::impls::Impls,
    /// Imports that lead nowhere.
    pub(crate) unresolved_imports: Vec<ImportId>,
    pub(crate) imports: usize,
}

impl Model {
    pub(crate) fn item(&self, def: Def) -> &Item {
        let placement = self.placement_of(def);
        &self.loaded.files[placement.file as usize].index.items[(def.0 - placement.first_def) as usize]
    }

    pub(crate) fn placement_of(&self, def: Def) -> &Placement {
        &self.placements[self.def_placements[def.0 as usize] as usize]
    }

    pub(crate) fn module(&self, module: Module) -> &ModuleEntry {
        &self.modules[module.0 as usize]
    }

    pub(crate) fn import(&self, id: ImportId) -> &Import {
        let placement = &self.placements[id.placement as usize];
        &self.loaded.files[placement.file as usize].index.imports[id.import as usize]
    }

    /// The module that a definition stands in.
    pub(crate) fn module_around(&self, def: Def) -> Module {
        self.placement_of(def).module_of(self.item(def).scope)
    }

    /// Whether code there is for tests only.
    pub(crate) fn is_test(&self, def: Def) -> bool {
        self.item(def).flags.test || self.module(self.module_around(def)).test
    }

    /// Whether `inner` is `outer` or within it.
    pub(crate) fn is_within(&self, inner: Module, outer: Module) -> bool {
        let mut at = Some(inner);
        while let Some(module) = at {
            if module == outer {
                return true;
            }
            at = self.module(module).parent;
        }
        false
    }

    /// The module itself, or the one around a block.
    pub(crate) fn named_module(&self, mut module: Module) -> Module {
        while let ModuleEntry {
            block: true,
            parent: Some(parent),
            ..
        } = self.module(module)
        {
            module = *parent;
        }
        module
    }

    /// The definitions of a placement.
    pub(crate) fn defs(&self, placement: &Placement) -> impl Iterator<Item = Def> + use<> {
        let count = self.loaded.files[placement.file as usize].index.items.len();
        let count = u32::try_from(count).expect("a file has fewer than 2^32 items");
        (placement.first_def..placement.first_def + count).map(Def)
    }
}

impl Placement {
    /// The module that a scope of the file is here.
    pub(crate) fn module_of(&self, scope: u32) -> Module {
        if scope == 0 {
            self.module
        } else {
            Module(self.first_module + scope - 1)
        }
    }

    /// The definition that an item of the file is here.
    pub(crate) fn def(&self, item: u32) -> Def {
        Def(self.first_def + item)
    }
}
