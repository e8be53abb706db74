//! What references in bodies and signatures lead to, and what they pass on the way.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::resolver::Resolver;
use super::statistics::Counted;
use super::types::{Def, ImportId, Model, Module, Target};
use crate::name::{Map, Name, Set};
use crate::syntax::index::{Lead, Reference, Use, WrittenPath};

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
    resolver: Resolver<'a>,
    /// By scope, path and use.
    known: Map<u64, Resolved>,
    /// The last that began with `Self`.
    own: Option<Resolved>,
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
            resolver: Resolver {
                model: self,
                placement,
            },
            known: Map::default(),
            own: None,
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
        // What `Self` is follows from the impl, not from the path.
        if path.lead == Lead::SelfType {
            self.own = Some(self.resolver.resolved(reference, path));
            return self.own.as_ref().expect("it has just been set");
        }
        let order = match reference.used {
            Use::Call => 0,
            Use::Pattern | Use::Value => 1,
            Use::Mention | Use::Literal => 2,
            Use::MacroName => 3,
        };
        let key = u64::from(reference.scope) << 32 | u64::from(reference.path) << 2 | order;
        let resolved = || self.resolver.resolved(reference, path);
        self.known.entry(key).or_insert_with(resolved)
    }
}

impl Resolved {
    pub(super) fn of_class(class: Class) -> Self {
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
