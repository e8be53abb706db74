//! The module trees of all targets.

use super::load::{Loaded, Seat, included, module_files};
use super::types::{Crate, Def, Model, Module, ModuleEntry, Placement};
use crate::name::{Map, Name};
use crate::syntax::index::{FileIndex, NONE};
use crate::workspace::Workspace;

/// Names of modules whose code is for tests only.
pub(crate) const TEST_MODULES: [&str; 14] = [
    "fixtures",
    "mock",
    "mocks",
    "test",
    "test_common",
    "test_helper",
    "test_helpers",
    "test_support",
    "test_util",
    "test_utils",
    "testing",
    "tests",
    "testutil",
    "testutils",
];

/// What the trees are grown with.
pub(super) struct Grower<'a> {
    pub(super) model: Model,
    pub(super) children: Map<(Module, Name), Module>,
    test_modules: &'a [String],
    /// Files from the root to the current one, so that a file that is its own module ends.
    trail: Vec<u32>,
}

/// The module trees of `workspace`, with what is defined in each module but without its imports.
pub(super) fn trees(workspace: Workspace, loaded: Loaded, test_modules: &[String]) -> Model {
    let mut grower = Grower {
        model: Model {
            workspace,
            loaded,
            crates: Vec::new(),
            placements: Vec::new(),
            modules: Vec::new(),
            def_placements: Vec::new(),
            module_of_def: Map::default(),
            impls: super::impls::Impls::default(),
            unresolved_imports: Vec::new(),
            imports: 0,
        },
        children: Map::default(),
        test_modules,
        trail: Vec::new(),
    };
    for target in 0..grower.model.workspace.targets.len() {
        grower.krate(target);
    }
    grower.model
}

impl Grower<'_> {
    fn krate(&mut self, target: usize) {
        let entry = &self.model.workspace.targets[target];
        let (kind, edition_2015, root_file) = (entry.kind, entry.edition_2015, entry.root.clone());
        let name = self.model.workspace.crate_name(target);
        let krate = number(self.model.crates.len());
        let root = Module(number(self.model.modules.len()));
        self.model.modules.push(ModuleEntry {
            parent: None,
            krate,
            name,
            def: None,
            block: false,
            test: kind.is_test(),
            names: Map::default(),
            globs: Vec::new(),
            outside_glob: false,
            opaque: false,
            textual: Vec::new(),
        });
        self.model.crates.push(Crate {
            name,
            target,
            root,
            kind,
            edition_2015,
        });
        self.place(&Seat::root(root_file), root);
    }

    /// Places a file into a module.
    fn place(&mut self, seat: &Seat, module: Module) {
        let Some(&file) = self.model.loaded.by_path.get(&seat.file) else {
            return;
        };
        if self.trail.contains(&file) {
            return;
        }
        self.trail.push(file);
        let entry = &self.model.modules[module.0 as usize];
        let krate = entry.krate;
        let test = entry.test || self.model.loaded.files[file as usize].index.test;
        self.model.modules[module.0 as usize].test = test;
        let placement_number = number(self.model.placements.len());
        let first_module = number(self.model.modules.len());
        let first_def = number(self.model.def_placements.len());
        let placement = Placement {
            file,
            krate,
            module,
            first_module,
            first_def,
            test,
        };
        // Taken out while the trees grow, for they are read and never changed.
        let index = std::mem::take(&mut self.model.loaded.files[file as usize].index);
        self.model
            .def_placements
            .extend(std::iter::repeat_n(placement_number, index.items.len()));
        self.scopes(&index, &placement);
        self.definitions(&index, &placement);
        for call in index.macro_calls.iter().filter(|call| call.opaque) {
            let module = self.model.named_module(placement.module_of(call.scope));
            self.model.modules[module.0 as usize].opaque = true;
        }
        let files: Vec<(Seat, Module)> = self.files(seat, &index, &placement);
        self.model.loaded.files[file as usize].index = index;
        self.model.placements.push(placement);
        for (seat, module) in files {
            self.place(&seat, module);
        }
        self.trail.pop();
    }

    /// The inline modules and the blocks of a file.
    fn scopes(&mut self, index: &FileIndex, placement: &Placement) {
        for scope in index.scopes.iter().skip(1) {
            let parent = placement.module_of(scope.parent);
            let (name, def, test) = match scope.module {
                NONE => {
                    let within = (scope.within != NONE).then(|| &index.items[scope.within as usize]);
                    (
                        Name::new("{block}"),
                        None,
                        within.is_some_and(|item| item.flags.test),
                    )
                }
                item => {
                    let entry = &index.items[item as usize];
                    (entry.name, Some(placement.def(item)), entry.flags.test)
                }
            };
            self.new_module(parent, name, def, test, scope.block);
        }
    }

    fn new_module(
        &mut self,
        parent: Module,
        name: Name,
        def: Option<Def>,
        test: bool,
        block: bool,
    ) -> Module {
        let module = Module(number(self.model.modules.len()));
        let outer = &self.model.modules[parent.0 as usize];
        let (krate, outer_test) = (outer.krate, outer.test);
        let named = !block && self.test_modules.iter().any(|known| known == name.as_str());
        self.model.modules.push(ModuleEntry {
            parent: Some(parent),
            krate,
            name,
            def,
            block,
            test: outer_test || test || named,
            names: Map::default(),
            globs: Vec::new(),
            outside_glob: false,
            opaque: false,
            textual: Vec::new(),
        });
        module
    }

    /// The files of the modules that a file declares, and of what it includes.
    fn files(&mut self, seat: &Seat, index: &FileIndex, placement: &Placement) -> Vec<(Seat, Module)> {
        let mut files = Vec::new();
        for module_file in &index.mod_files {
            let item = &index.items[module_file.item as usize];
            let parent = placement.module_of(item.scope);
            let def = placement.def(module_file.item);
            let seats = module_files(seat, index, module_file);
            let mut first = true;
            for next in seats {
                let module = self.new_module(parent, item.name, Some(def), item.flags.test, false);
                self.declare(def, module, parent, index, module_file.item);
                if first {
                    self.model.module_of_def.insert(def, module);
                    first = false;
                }
                files.push((next, module));
            }
            if first {
                // A module without a file: written by a build script, or missing.
                let module = self.new_module(parent, item.name, Some(def), item.flags.test, false);
                self.model.modules[module.0 as usize].opaque = true;
                self.declare(def, module, parent, index, module_file.item);
            }
        }
        for include in &index.includes {
            let module = placement.module_of(include.scope);
            match included(seat, &include.file) {
                Some(next) => files.push((next, module)),
                None => self.model.modules[module.0 as usize].opaque = true,
            }
        }
        files
    }
}

impl Model {
    pub(crate) fn crates_root(&self, krate: u32) -> Module {
        self.crates[krate as usize].root
    }
}

impl Workspace {
    /// The name of a target's crate in findings: its own where nothing else has it, else its package and kind in braces.
    fn crate_name(&self, target: usize) -> Name {
        use crate::workspace::TargetKind as Kind;
        let entry = &self.targets[target];
        let package = &self.packages[entry.package];
        let clashes = self.targets.iter().enumerate().any(|(other, known)| {
            other != target
                && known.name == entry.name
                && (known.kind == Kind::Library || known.kind == Kind::Binary && entry.kind == Kind::Binary)
        });
        match entry.kind {
            Kind::Library => entry.name,
            Kind::Binary if !clashes => entry.name,
            Kind::BuildScript => Name::new(&format!("{}{{build}}", package.name)),
            kind => Name::new(&format!("{}{{{} {}}}", package.name, kind.as_str(), entry.name)),
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a workspace has fewer than 2^32 of anything")
}
