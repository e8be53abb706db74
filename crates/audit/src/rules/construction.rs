//! Where values of a type are built, as far as its name is written.

use super::zone::Spot;
use crate::finding::Confidence;
use crate::model::{Def, Model, Site, Space, Target};
use crate::name::Set;
use crate::syntax::index::{Detail, ItemKind, Lead, Style, Use};

/// How a value is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Built {
    /// `Type { .. }`, `Type(..)`, `Type`
    Literal,
    /// `Enum::Variant`
    Variant(String),
    /// `Type::new(..)`, called or as a value.
    Constructor(String),
}

impl Built {
    pub(super) fn describe(&self, name: &str) -> String {
        match self {
            Self::Literal => format!("`{name}`"),
            Self::Variant(variant) => format!("`{name}::{variant}`"),
            Self::Constructor(function) => format!("`{name}::{function}`"),
        }
    }
}

/// Names of functions that a macro may have made, and that build a value wherever they are found.
const CONSTRUCTORS: [&str; 6] = ["build", "create", "default", "from", "new", "try_new"];

/// The type and its aliases.
pub(super) fn with_aliases(model: &Model, def: Def) -> Set<Def> {
    let mut defs = Set::default();
    defs.insert(def);
    for placement in &model.placements {
        for alias in model.defs(placement) {
            let is_alias = matches!(model.item(alias).kind, ItemKind::Alias | ItemKind::AssocType);
            if is_alias && model.type_behind(alias) == def {
                defs.insert(alias);
            }
        }
    }
    defs
}

/// How a site builds a value of a type, if it does.
pub(super) fn built(model: &Model, site: &Site, of: Def, names: &Set<Def>) -> Option<Built> {
    let target = site.resolved.def()?;
    let used = site.reference.used;
    if names.contains(&target) && site.resolved.unknown.is_none() {
        let tuple = matches!(
            model.item(of).detail,
            Detail::Struct {
                style: Style::Tuple | Style::Unit,
                ..
            }
        );
        let is_struct = matches!(model.item(of).kind, ItemKind::Struct | ItemKind::Union);
        let literal = match used {
            Use::Literal => true,
            Use::Call | Use::Value => is_struct && tuple,
            Use::Mention | Use::Pattern | Use::MacroName => false,
        };
        return literal.then_some(Built::Literal);
    }
    if site.resolved.of != Some(of) || used == Use::Pattern {
        return None;
    }
    if let Some(unknown) = site.resolved.unknown {
        let known = unknown.as_str() == "default" && model.item(of).flags.derives_default;
        let guessed = model.item(of).flags.nominal || model.item(of).flags.foreign_attribute;
        let builds = known || guessed && CONSTRUCTORS.contains(&unknown.as_str());
        return builds.then(|| Built::Constructor(unknown.to_string()));
    }
    let item = model.item(target);
    match item.kind {
        ItemKind::Variant => Some(Built::Variant(item.name.to_string())),
        ItemKind::AssocFunction if is_constructor(model, target, of) => {
            Some(Built::Constructor(item.name.to_string()))
        }
        _ => None,
    }
}

/// Whether a function without a receiver returns the type, in whatever wrapping.
fn is_constructor(model: &Model, function: Def, of: Def) -> bool {
    let item = model.item(function);
    let Detail::Function {
        receiver: false,
        returns,
    } = &item.detail
    else {
        return false;
    };
    let placement_number = model.def_placements[function.0 as usize];
    let placement = model.placement_of(function);
    let index = &model.loaded.files[placement.file as usize].index;
    let module = placement.module_of(item.scope);
    returns.iter().any(|path| {
        let written = &index.paths[*path as usize];
        if written.lead == Lead::SelfType {
            return written.names.is_empty();
        }
        match model.lookup_written(placement_number, module, *path, Space::Types) {
            Some(Target::Def(def)) => model.type_behind(def) == of,
            _ => false,
        }
    })
}

/// How sure a site is.
pub(super) fn confidence(site: &Site) -> Confidence {
    if site.reference.in_macro {
        Confidence::MacroTokens
    } else {
        Confidence::Exact
    }
}

impl From<&Site> for Spot {
    fn from(site: &Site) -> Self {
        Self {
            placement: site.placement,
            scope: site.reference.scope,
            item: site.reference.item,
            in_impl: site.reference.in_impl,
        }
    }
}

/// Whether a spot is where a type is defined: in its own module, or in an impl of it below that.
pub(super) fn at_home(model: &Model, spot: Spot, of: Def) -> bool {
    let home = model.named_module(model.module_around(of));
    let module = model.named_module(spot.module(model));
    if module == home {
        return true;
    }
    let own_impl = model.self_type(spot.placement, spot.item, spot.in_impl) == Some(Target::Def(of));
    own_impl && model.is_within(module, home) && model.module(home).parent.is_some()
}
