//! What imports mean: rounds over all of them, until none learns anything.

use super::types::{Binding, Glob, ImportId, Model, Module, SPACES, Space, Target};
use crate::name::Name;
use crate::syntax::index::{Imported, Lead};

struct Pending {
    id: ImportId,
    module: Module,
    path: u32,
    what: Imported,
    public: bool,
    found: bool,
    /// The name spaces in which it has its meaning, as bits.
    known: u8,
    glob_done: bool,
}

impl Model {
    /// Resolves every import of the workspace.
    pub(super) fn resolve_imports(&mut self) {
        let mut pending = self.pending_imports();
        self.imports = pending.len();
        // What leads somewhere may have a meaning in one more name space; that is asked once the others lead somewhere.
        let mut again = false;
        loop {
            let mut learned = false;
            for import in &mut pending {
                if again || !import.found {
                    learned |= self.resolve_import(import);
                }
            }
            if !learned && again {
                break;
            }
            again = !learned;
        }
        for import in &pending {
            if !import.found {
                self.unresolved_imports.push(import.id);
                self.bind_outside(import);
            }
        }
    }

    /// What an import that is not a glob reaches in a name space.
    pub(crate) fn import_reaches(&self, id: ImportId, space: Space) -> Option<Target> {
        let placement = &self.placements[id.placement as usize];
        let index = &self.loaded.files[placement.file as usize].index;
        let import = &index.imports[id.import as usize];
        let written = &index.paths[import.path as usize];
        let pending = Pending {
            id,
            module: placement.module_of(import.scope),
            path: import.path,
            what: import.what,
            public: import.public,
            found: false,
            known: 0,
            glob_done: false,
        };
        self.import_target(&pending, &written.names, written.lead, space)
    }

    fn pending_imports(&self) -> Vec<Pending> {
        let mut pending = Vec::new();
        for (placement, number) in self.placements.iter().zip(0..) {
            let index = &self.loaded.files[placement.file as usize].index;
            for (import, import_number) in index.imports.iter().zip(0..) {
                pending.push(Pending {
                    id: ImportId {
                        placement: number,
                        import: import_number,
                    },
                    module: placement.module_of(import.scope),
                    path: import.path,
                    what: import.what,
                    public: import.public,
                    found: false,
                    known: 0,
                    glob_done: false,
                });
            }
        }
        pending
    }

    /// Whether anything new is known of it.
    fn resolve_import(&mut self, import: &mut Pending) -> bool {
        if import.glob_done {
            return false;
        }
        let file = self.placements[import.id.placement as usize].file;
        let path = &self.loaded.files[file as usize].index.paths[import.path as usize];
        let name = match import.what {
            Imported::Glob => {
                let target = self.import_target(import, &path.names, path.lead, Space::Types);
                return target.is_some_and(|target| self.resolve_glob(import, target));
            }
            Imported::Crate(name) => {
                let from = path.names.first().copied();
                return self.resolve_crate(import, name, from);
            }
            Imported::As(name) => Some(name),
            Imported::Unnamed => None,
        };
        let targets = SPACES.map(|space| {
            let wanted = import.known & space.bit() == 0;
            wanted
                .then(|| self.import_target(import, &path.names, path.lead, space))
                .flatten()
        });
        let mut learned = false;
        for (space, target) in SPACES.into_iter().zip(targets) {
            let Some(target) = target else { continue };
            import.found = true;
            // What is outside may turn out to be of the workspace; what is of the workspace stays.
            if target != Target::Outside {
                import.known |= space.bit();
            }
            let Some(name) = name else {
                import.glob_done = true;
                continue;
            };
            learned |= self.bind_import(import, name, space, target);
        }
        learned
    }

    fn import_target(&self, import: &Pending, names: &[Name], lead: Lead, space: Space) -> Option<Target> {
        let krate = self.module(import.module).krate;
        let lead = match lead {
            // Before 2018 a path of `use` starts at the root of the crate.
            Lead::Name | Lead::Global if self.crates[krate as usize].edition_2015 => {
                let root = self.crates_root(krate);
                let inside = self.walk(Target::Module(root), names, space, import.module, Some(import.id));
                return inside.or_else(|| self.outside(krate, names, space, import.module));
            }
            lead => lead,
        };
        self.lookup_path(import.module, lead, names, space, Some(import.id))
    }

    fn bind_import(&mut self, import: &Pending, name: Name, space: Space, target: Target) -> bool {
        let known = self.module(import.module).names.get(&name);
        let free = match known.and_then(|slots| slots.get(space)) {
            None => true,
            // A name that was guessed from a macro's tokens is given up.
            Some(Binding {
                target: Target::Def(def),
                import: None,
                ..
            }) => self.is_nominal(def),
            // A name from outside may turn out to be one of the workspace.
            Some(known) => {
                known.import == Some(import.id)
                    && known.target == Target::Outside
                    && target != Target::Outside
            }
        };
        if free {
            let entry = &mut self.modules[import.module.0 as usize];
            *entry.names.entry(name).or_default().slot(space) = Some(Binding {
                target,
                import: Some(import.id),
                public: import.public,
            });
        }
        free
    }

    fn is_nominal(&self, def: super::types::Def) -> bool {
        self.item(def).flags.nominal
    }

    fn resolve_glob(&mut self, import: &mut Pending, target: Target) -> bool {
        import.found = true;
        import.glob_done = true;
        let entry = &mut self.modules[import.module.0 as usize];
        if target == Target::Outside {
            entry.outside_glob = true;
        } else {
            entry.globs.push(Glob {
                import: import.id,
                from: target,
                public: import.public,
            });
        }
        true
    }

    fn resolve_crate(&mut self, import: &mut Pending, name: Name, from: Option<Name>) -> bool {
        let krate = self.module(import.module).krate;
        let target = match from {
            Some(from) => self.extern_crate(krate, from).unwrap_or(Target::Outside),
            None => Target::Module(self.crates_root(krate)),
        };
        import.found = true;
        import.glob_done = true;
        self.bind_import(import, name, Space::Types, target)
    }

    /// An import that leads nowhere may be of a macro's or of a build script's making; its name is known to be from there.
    fn bind_outside(&mut self, import: &Pending) {
        match import.what {
            Imported::As(name) => {
                for space in SPACES {
                    let slot = self.modules[import.module.0 as usize]
                        .names
                        .entry(name)
                        .or_default()
                        .slot(space);
                    slot.get_or_insert(Binding {
                        target: Target::Outside,
                        import: Some(import.id),
                        public: import.public,
                    });
                }
            }
            Imported::Glob => self.modules[import.module.0 as usize].outside_glob = true,
            Imported::Crate(_) | Imported::Unnamed => {}
        }
    }
}
