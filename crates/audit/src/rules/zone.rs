//! Parts of a workspace that a rule names.

use crate::model::{Def, Model, Module, Target};
use crate::syntax::index::NONE;

/// Modules with all that is in them, and single items.
#[derive(Clone, Debug, Default)]
pub(super) struct Zone {
    pub(super) modules: Vec<Module>,
    pub(super) defs: Vec<Def>,
}

/// Where something stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) placement: u32,
    pub(super) scope: u32,
    pub(super) item: u32,
    pub(super) in_impl: u32,
}

impl Zone {
    pub(super) fn of(targets: impl IntoIterator<Item = Target>) -> Self {
        let mut zone = Self::default();
        for target in targets {
            match target {
                Target::Module(module) => zone.modules.push(module),
                Target::Def(def) => zone.defs.push(def),
                Target::Outside => {}
            }
        }
        zone
    }

    /// Whether a module is in it.
    pub(super) fn has_module(&self, model: &Model, module: Module) -> bool {
        self.modules.iter().any(|outer| model.is_within(module, *outer))
    }

    /// Whether a spot is in one of its modules, items, or impls of its types.
    pub(super) fn has(&self, model: &Model, spot: Spot) -> bool {
        let placement = &model.placements[spot.placement as usize];
        if self.has_module(model, placement.module_of(spot.scope)) {
            return true;
        }
        if self.defs.is_empty() {
            return false;
        }
        if let Some(Target::Def(def)) = model.self_type(spot.placement, spot.item, spot.in_impl)
            && self.defs.contains(&def)
        {
            return true;
        }
        let index = &model.loaded.files[placement.file as usize].index;
        let mut item = spot.item;
        while item != NONE {
            if self.defs.contains(&placement.def(item)) {
                return true;
            }
            item = index.items[item as usize].owner;
        }
        false
    }

    /// Whether a definition is in it.
    pub(super) fn has_def(&self, model: &Model, def: Def) -> bool {
        self.defs.contains(&def) || self.has_module(model, model.module_around(def))
    }
}

impl Spot {
    pub(super) fn module(self, model: &Model) -> Module {
        model.placements[self.placement as usize].module_of(self.scope)
    }

    pub(super) fn is_test(self, model: &Model, marked: bool) -> bool {
        marked || model.module(self.module(model)).test || model.placements[self.placement as usize].test
    }

    pub(super) fn is_generated(self, model: &Model) -> bool {
        let placement = &model.placements[self.placement as usize];
        model.loaded.files[placement.file as usize].index.generated
    }

    pub(super) fn path(self, model: &Model) -> String {
        model.place(self.placement, self.scope, self.item, self.in_impl)
    }

    /// The shape of the item around it.
    pub(super) fn shape(self, model: &Model) -> u64 {
        if self.item == NONE {
            return 0;
        }
        let placement = &model.placements[self.placement as usize];
        let index = &model.loaded.files[placement.file as usize].index;
        index.items[self.item as usize].body.shape
    }
}
