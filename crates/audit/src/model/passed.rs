//! The modules that imports go through.

use super::types::{Binding, ImportId, Model, Module, Space, Target};
use crate::syntax::index::{Imported, Lead};

impl Model {
    /// The modules that an import goes through by what it says, and by the import in the same module that it begins with.
    pub(crate) fn passed_by(&self, import: Option<ImportId>, module: Module) -> Vec<Module> {
        let mut passed = Vec::new();
        let mut next = import;
        // Imports may begin with each other.
        for _ in 0..8 {
            let Some(id) = next else { break };
            next = self.pass(id, module, &mut passed);
        }
        passed
    }

    fn pass(&self, id: ImportId, from: Module, passed: &mut Vec<Module>) -> Option<ImportId> {
        let placement = &self.placements[id.placement as usize];
        let import = self.import(id);
        let written = &self.loaded.files[placement.file as usize].index.paths[import.path as usize];
        let module = placement.module_of(import.scope);
        let mut begins = None;
        let krate = self.module(module).krate;
        let old = self.crates[krate as usize].edition_2015;
        let (mut target, names) = match written.lead {
            Lead::Crate => (Target::Module(self.crates_root(krate)), &*written.names),
            Lead::Name | Lead::Global
                if old && matches!(import.what, Imported::As(_) | Imported::Glob | Imported::Unnamed) =>
            {
                (Target::Module(self.crates_root(krate)), &*written.names)
            }
            Lead::Here => (Target::Module(self.named_module(module)), &*written.names),
            Lead::Super(count) => (Target::Module(self.ancestor(module, count)?), &*written.names),
            Lead::Global => {
                let first = written.names.first()?;
                (self.extern_crate(krate, *first)?, &written.names[1..])
            }
            Lead::Name => {
                let first = written.names.first()?;
                let binding: Binding = self.lookup_lexical(module, *first, Space::Types, Some(id))?;
                begins = binding.import;
                (binding.target, &written.names[1..])
            }
            Lead::SelfType => return None,
        };
        let glob = import.what == Imported::Glob;
        for (index, name) in names.iter().enumerate() {
            let Target::Module(at) = target else { break };
            if !passed.contains(&at) {
                passed.push(at);
            }
            if index + 1 == names.len() && !glob {
                break;
            }
            target = self
                .lookup_in(at, *name, Space::Types, from, Some(id), &mut Vec::new())?
                .target;
        }
        if glob
            && let Target::Module(at) = target
            && !passed.contains(&at)
        {
            passed.push(at);
        }
        begins
    }
}
