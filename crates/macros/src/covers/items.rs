use std::rc::Rc;

use quote::ToTokens;
use syn::spanned::Spanned as _;
use syn::{Attribute, ImplItem, Item, TraitItem};

use super::canonical::canonical;
use super::included::{Included, included};
use super::names::{Names, defined, name, names};
use super::uses;

/// One item of a source, as far as it matters who names whom.
#[derive(Debug)]
pub(super) struct Source {
    /// The index of its file.
    pub(super) file: usize,
    /// The module that it stands in.
    pub(super) module: Rc<str>,
    /// The lines that it takes, its attributes among them.
    pub(super) lines: (usize, usize),
    pub(super) role: Role,
    /// The names that it mentions.
    pub(super) mentions: Names,
    /// What it reads of other files when it is compiled.
    pub(super) reads: Vec<Included>,
    pub(super) hash: u64,
    /// Whether it is there for tests, and not the product's.
    pub(super) of_tests: bool,
    /// Whether cases and fixtures are made for it.
    pub(super) is_rstest: bool,
}

/// What has an item covered, where something covered names it.
#[derive(Debug)]
pub(super) enum Role {
    /// Any of these names.
    Names(Names),
    /// A type or a trait, or one of these names of its parts.
    Type { name: String, parts: Names },
    /// Whatever is implemented for or of what is covered; `members` are the names of its functions.
    Impl { header: Names, members: Names },
    /// What a macro makes, which may be whatever its tokens, or the macro, name.
    Made { by: String, tokens: Names },
    /// An import, by its name here.
    Import(String),
    /// A glob import: covered where anything else of its module is.
    Glob,
    /// A macro of this crate, by its name; `defines` are the names that it writes itself.
    Macro { name: String, defines: Names },
}

/// The place that an item is found in.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) folder: std::path::PathBuf,
    pub(super) module: Rc<str>,
    pub(super) of_tests: bool,
}

/// The sources that an item makes: one, but for imports.
pub(super) fn sources(item: &Item, place: &Place) -> Vec<Source> {
    if let Item::Use(item) = item {
        return uses::leaves(item)
            .into_iter()
            .map(|leaf| {
                let path: proc_macro2::TokenStream = leaf.path.parse().unwrap_or_default();
                let role = leaf.name.map_or(Role::Glob, Role::Import);
                Source {
                    role,
                    mentions: names(path.clone()),
                    hash: canonical(&format!("{} use", place.module), path),
                    ..Source::new(&item.attrs, item, place)
                }
            })
            .collect();
    }
    let (attributes, role) = role(item);
    vec![Source {
        role,
        mentions: mentions(item),
        ..Source::new(attributes, item, place)
    }]
}

/// What an item mentions. The options of a test are words of their own.
fn mentions(item: &Item) -> Names {
    match item {
        Item::Fn(function) => {
            let mut function = function.clone();
            function.attrs.retain(|attribute| {
                let last = attribute.path().segments.last();
                last.is_none_or(|last| last.ident != "test")
            });
            names(function.to_token_stream())
        }
        other => names(other.to_token_stream()),
    }
}

impl Source {
    fn new(attributes: &[Attribute], item: &impl ToTokens, place: &Place) -> Self {
        let tokens = item.to_token_stream();
        let span = item.span();
        Self {
            file: place.file,
            module: Rc::clone(&place.module),
            lines: (span.start().line, span.end().line),
            role: Role::Glob,
            mentions: Names::new(),
            reads: included(tokens.clone(), &place.folder),
            hash: canonical(&place.module, tokens),
            of_tests: place.of_tests || super::modules::is_for_tests(attributes),
            is_rstest: attributes.iter().any(|attribute| {
                let last = attribute.path().segments.last();
                last.is_some_and(|last| last.ident == "rstest")
            }),
        }
    }
}

fn role(item: &Item) -> (&[Attribute], Role) {
    let named = |ident: &syn::Ident| Role::Names(Names::from([name(ident)]));
    let of_type = |ident: &syn::Ident, parts: Names| Role::Type {
        name: name(ident),
        parts,
    };
    match item {
        Item::Const(item) => (&item.attrs, named(&item.ident)),
        Item::Static(item) => (&item.attrs, named(&item.ident)),
        Item::Enum(item) => {
            let variants = item.variants.iter().map(|variant| name(&variant.ident));
            (&item.attrs, of_type(&item.ident, variants.collect()))
        }
        Item::Struct(item) => (&item.attrs, of_type(&item.ident, Names::new())),
        Item::Union(item) => (&item.attrs, of_type(&item.ident, Names::new())),
        Item::Type(item) => (&item.attrs, of_type(&item.ident, Names::new())),
        Item::TraitAlias(item) => (&item.attrs, of_type(&item.ident, Names::new())),
        Item::Trait(item) => {
            let members = item.items.iter().filter_map(|member| match member {
                TraitItem::Fn(function) => Some(name(&function.sig.ident)),
                TraitItem::Const(constant) => Some(name(&constant.ident)),
                _ => None,
            });
            (&item.attrs, of_type(&item.ident, members.collect()))
        }
        Item::Fn(item) => {
            // A derive macro is named by its attribute.
            let derives = item
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("proc_macro_derive"));
            let mut all: Names = derives
                .flat_map(|attribute| names(attribute.to_token_stream()))
                .collect();
            all.insert(name(&item.sig.ident));
            (&item.attrs, Role::Names(all))
        }
        Item::Impl(item) => {
            let mut header = names(item.self_ty.to_token_stream());
            if let Some((path, _)) = &item.trait_ {
                header.extend(names(path.to_token_stream()));
            }
            let members = item.items.iter().filter_map(|member| match member {
                ImplItem::Fn(function) => Some(name(&function.sig.ident)),
                ImplItem::Const(constant) => Some(name(&constant.ident)),
                _ => None,
            });
            let members = members.collect();
            (&item.attrs, Role::Impl { header, members })
        }
        Item::Macro(item) => {
            let role = match (&item.ident, item.mac.path.segments.last()) {
                (Some(ident), _) => Role::Macro {
                    name: name(ident),
                    defines: defined(item.mac.tokens.clone()),
                },
                (None, by) => Role::Made {
                    by: by.map_or_else(String::new, |by| name(&by.ident)),
                    tokens: names(item.mac.tokens.clone()),
                },
            };
            (&item.attrs, role)
        }
        other => (&[], Role::Names(names(other.to_token_stream()))),
    }
}
