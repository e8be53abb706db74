//! What one reference leads to.

use super::references::{Class, Resolved};
use super::types::{ImportId, Model, Module, Space, Target};
use crate::name::Name;
use crate::syntax::index::{ItemKind, Lead, Reference, Use, WrittenPath};

/// Resolves the references of one placement.
pub(super) struct Resolver<'a> {
    pub(super) model: &'a Model,
    pub(super) placement: u32,
}

impl Resolver<'_> {
    pub(super) fn resolved(&self, reference: &Reference, path: &WrittenPath) -> Resolved {
        let values_first = matches!(reference.used, Use::Call | Use::Pattern | Use::Value);
        let macros = reference.used == Use::MacroName;
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
        let made = best.class == Class::MacroMade && best.target.is_some();
        if local && !made && best.class != Class::Workspace && reference.used != Use::Call {
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
