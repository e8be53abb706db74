//! What references in bodies and signatures lead to, and what they pass on the way.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::statistics::Counted;
use super::types::{Def, ImportId, Model, Module, Space, Target};
use crate::name::{Map, Name, Set};
use crate::syntax::index::{ItemKind, Lead, Reference, Use, WrittenPath};

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) target: Option<Target>,
    /// The type or the trait that an associated item was named through.
    pub(crate) of: Option<Def>,
    /// The name of an associated item that is not known.
    pub(crate) unknown: Option<Name>,
    /// The modules that the written path goes through, and those of the import that it begins with.
    pub(crate) passed: Vec<Module>,
    /// The import that it begins with.
    pub(crate) import: Option<ImportId>,
    pub(crate) class: Class,
}

/// How much is known of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Workspace,
    Outside,
    MacroMade,
    Unresolved,
    /// A local variable, or a name of the language.
    Local,
}

/// A reference to something that is watched.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) placement: u32,
    pub(crate) reference: Reference,
    pub(crate) resolved: Resolved,
}

/// Which references are wanted.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) defs: Set<Def>,
    /// Everything within these modules.
    pub(crate) modules: Set<Module>,
    /// Everything that goes through these modules.
    pub(crate) passed: Set<Module>,
}

struct Cache<'a> {
    model: &'a Model,
    placement: u32,
    known: Map<(u32, u32, bool, bool), Resolved>,
}

impl Model {
    /// The references that are watched, sorted by file and place, and how many there are of each class.
    pub(crate) fn sites(&self, watch: &Watch) -> (Vec<Site>, Counted) {
        let within = self.within(&watch.modules);
        let placements = 0..u32::try_from(self.placements.len()).expect("fewer than 2^32");
        let parts: Vec<(Vec<Site>, Counted)> = placements
            .into_par_iter()
            .map(|placement| self.placement_sites(placement, watch, &within))
            .collect();
        let mut sites = Vec::new();
        let mut counted = Counted::default();
        for (part, count) in parts {
            sites.extend(part);
            counted.add(&count);
        }
        (sites, counted)
    }

    /// For each module whether it is one of these or within one.
    fn within(&self, modules: &Set<Module>) -> Vec<bool> {
        let mut within = vec![false; self.modules.len()];
        for number in 0..self.modules.len() {
            let module = Module(u32::try_from(number).expect("fewer than 2^32"));
            // Parents come before their children.
            within[number] = modules.contains(&module)
                || self.modules[number]
                    .parent
                    .is_some_and(|parent| within[parent.0 as usize]);
        }
        within
    }

    fn placement_sites(&self, number: u32, watch: &Watch, within: &[bool]) -> (Vec<Site>, Counted) {
        let mut sites = Vec::new();
        let mut counted = Counted::default();
        self.each_reference(number, |reference, resolved| {
            counted.count(resolved.class, reference.in_macro);
            let in_watched = |def: Def| {
                watch.defs.contains(&def)
                    || !watch.modules.is_empty() && within[self.module_around(def).0 as usize]
            };
            let wanted = match resolved.target {
                Some(Target::Def(def)) => in_watched(def),
                Some(Target::Module(module)) => within[module.0 as usize],
                Some(Target::Outside) | None => false,
            };
            let wanted = wanted
                || resolved.of.is_some_and(in_watched)
                || !watch.passed.is_empty()
                    && resolved.passed.iter().any(|module| watch.passed.contains(module));
            if wanted {
                sites.push(Site {
                    placement: number,
                    reference: *reference,
                    resolved: resolved.clone(),
                });
            }
        });
        (sites, counted)
    }

    /// Calls `seen` with every reference of a placement, and what it leads to.
    pub(crate) fn each_reference(&self, placement: u32, mut seen: impl FnMut(&Reference, &Resolved)) {
        let file = self.placements[placement as usize].file;
        let index = &self.loaded.files[file as usize].index;
        let mut cache = Cache {
            model: self,
            placement,
            known: Map::default(),
        };
        for reference in &index.references {
            seen(
                reference,
                cache.resolve(reference, &index.paths[reference.path as usize]),
            );
        }
    }
}

impl Cache<'_> {
    fn resolve(&mut self, reference: &Reference, path: &WrittenPath) -> &Resolved {
        let values_first = matches!(reference.used, Use::Call | Use::Pattern | Use::Value);
        let macros = reference.used == Use::MacroName;
        // What `Self` is follows from the impl, not from the path.
        let scope = match path.lead {
            Lead::SelfType => u32::MAX - reference.in_impl.min(reference.item),
            _ => reference.scope,
        };
        let key = (scope, reference.path, values_first, macros);
        if path.lead == Lead::SelfType || !self.known.contains_key(&key) {
            let resolved = self.resolved(reference, path, values_first, macros);
            self.known.insert(key, resolved);
        }
        &self.known[&key]
    }

    fn resolved(
        &self,
        reference: &Reference,
        path: &WrittenPath,
        values_first: bool,
        macros: bool,
    ) -> Resolved {
        let model = self.model;
        let module = model.placements[self.placement as usize].module_of(reference.scope);
        if path.lead == Lead::SelfType {
            let target = model.self_type(self.placement, reference.item, reference.in_impl);
            return match target {
                // In a trait, `Self` is whatever implements it.
                Some(Target::Def(def))
                    if path.names.is_empty() && model.item(def).kind == ItemKind::Trait =>
                {
                    Resolved::of_class(Class::Local)
                }
                Some(target) => self.follow(target, &path.names, Space::Values, module, Vec::new(), None),
                None => Resolved::of_class(Class::Outside),
            };
        }
        let local = path.lead == Lead::Name && path.names.len() == 1 && path.names[0].is_lower();
        let spaces: &[Space] = match () {
            () if macros => &[Space::Macros],
            () if values_first || local => &[Space::Values, Space::Types],
            () => &[Space::Types, Space::Values],
        };
        let mut best = Resolved::of_class(Class::Unresolved);
        for space in spaces {
            let resolved = self.in_space(path, *space, module);
            if resolved.class == Class::Workspace {
                return resolved;
            }
            if best.class == Class::Unresolved {
                best = resolved;
            }
        }
        if macros && best.class == Class::Unresolved {
            best.class = Class::Outside;
        }
        if local && best.class != Class::Workspace && reference.used != Use::Call {
            best.class = Class::Local;
        }
        best
    }

    fn in_space(&self, path: &WrittenPath, space: Space, module: Module) -> Resolved {
        let model = self.model;
        let krate = model.module(module).krate;
        let names = &path.names;
        match path.lead {
            Lead::Crate => {
                let root = Target::Module(model.crates_root(krate));
                self.follow(root, names, space, module, Vec::new(), None)
            }
            Lead::Here => {
                let here = Target::Module(model.named_module(module));
                self.follow(here, names, space, module, Vec::new(), None)
            }
            Lead::Super(count) => match model.ancestor(module, count) {
                Some(above) => self.follow(Target::Module(above), names, space, module, Vec::new(), None),
                None => Resolved::of_class(Class::Unresolved),
            },
            Lead::Global => {
                let target = names.first().and_then(|name| model.extern_crate(krate, *name));
                match target {
                    Some(target) => self.follow(target, &names[1..], space, module, Vec::new(), None),
                    None if model.crates[krate as usize].edition_2015 => {
                        let root = Target::Module(model.crates_root(krate));
                        self.follow(root, names, space, module, Vec::new(), None)
                    }
                    None => Resolved::of_class(Class::Unresolved),
                }
            }
            Lead::Name => self.named(names, space, module),
            Lead::SelfType => Resolved::of_class(Class::Outside),
        }
    }

    fn named(&self, names: &[Name], space: Space, module: Module) -> Resolved {
        let Some((first, rest)) = names.split_first() else {
            return Resolved::of_class(Class::Local);
        };
        let first_space = if rest.is_empty() { space } else { Space::Types };
        match self.model.lookup_lexical(module, *first, first_space, None) {
            Some(binding) => {
                let passed = self.model.passed_by(binding.import, module);
                self.follow(binding.target, rest, space, module, passed, binding.import)
            }
            None => Resolved::of_class(self.missing(module, true)),
        }
    }

    /// Why a name is not known in a module.
    fn missing(&self, module: Module, lexical: bool) -> Class {
        let mut at = Some(module);
        while let Some(module) = at {
            let entry = self.model.module(module);
            if entry.outside_glob {
                return Class::Outside;
            }
            if entry.opaque {
                return Class::MacroMade;
            }
            if entry.globs.iter().any(|glob| match glob.from {
                Target::Module(module) => {
                    let entry = self.model.module(module);
                    entry.opaque || entry.outside_glob
                }
                _ => false,
            }) {
                return Class::MacroMade;
            }
            at = entry.parent.filter(|_| lexical && entry.block);
        }
        Class::Unresolved
    }

    fn follow(
        &self,
        mut target: Target,
        names: &[Name],
        space: Space,
        from: Module,
        mut passed: Vec<Module>,
        import: Option<ImportId>,
    ) -> Resolved {
        let model = self.model;
        let mut of = None;
        let mut unknown = None;
        for (index, name) in names.iter().enumerate() {
            let last = index + 1 == names.len();
            match target {
                Target::Outside => break,
                Target::Module(module) => {
                    if !passed.contains(&module) {
                        passed.push(module);
                    }
                    let space = if last { space } else { Space::Types };
                    match model.lookup_in(module, *name, space, from, None, &mut Vec::new()) {
                        Some(binding) => target = binding.target,
                        None => {
                            return Resolved {
                                passed,
                                import,
                                ..Resolved::of_class(self.missing(module, false))
                            };
                        }
                    }
                }
                Target::Def(def) => {
                    let def = model.type_behind(def);
                    of = Some(def);
                    let associated = model.variant(def, *name).or_else(|| model.associated(def, *name));
                    target = Target::Def(associated.unwrap_or(def));
                    if associated.is_none() {
                        unknown = Some(*name);
                        break;
                    }
                }
            }
        }
        let class = match target {
            Target::Outside => Class::Outside,
            Target::Def(def) if model.item(def).flags.nominal => Class::MacroMade,
            Target::Def(_) | Target::Module(_) => Class::Workspace,
        };
        Resolved {
            target: Some(target),
            of,
            unknown,
            passed,
            import,
            class,
        }
    }
}

impl Resolved {
    fn of_class(class: Class) -> Self {
        Self {
            target: None,
            of: None,
            unknown: None,
            passed: Vec::new(),
            import: None,
            class,
        }
    }

    /// The definition that it reaches.
    pub(crate) fn def(&self) -> Option<Def> {
        match self.target {
            Some(Target::Def(def)) => Some(def),
            _ => None,
        }
    }
}
