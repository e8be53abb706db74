//! From syn's items to the index.

use syn::{Expr, ExprLit, Fields, ImplItem, Item as SynItem, Lit, ReturnType, TraitItem, Type};

use super::attributes::{Facts, facts};
use super::builder::{Builder, Place, len};
use super::index::{Body, Detail, Flags, Impl, Item, ItemKind, ModFile, NONE, Scope, Style};
use super::lexer::Kind;
use super::raw_items::{RawItem, behind_attributes};
use super::scan::Mode;
use super::shape::{self, hash_of};
use super::skeleton::skeleton;
use crate::name::Name;

impl Builder<'_> {
    /// Adds items to a scope. Both sides are in the order of the text.
    pub(super) fn items(&mut self, raw: &[RawItem], items: &[SynItem], place: Place) {
        debug_assert_eq!(raw.len(), items.len(), "both tell the same items apart");
        for (raw, item) in raw.iter().zip(items) {
            self.item(raw, item, place);
        }
    }

    /// A scope for a block with items, which is filled with them.
    pub(super) fn block_scope(&mut self, raw: &[RawItem], place: Place) -> Place {
        let scope = len(&self.index.scopes);
        self.index.scopes.push(Scope {
            parent: place.scope,
            module: NONE,
            within: place.item,
            block: true,
        });
        let place = Place { scope, ..place };
        let bound = std::mem::take(&mut self.bound);
        for item in raw {
            let start = self.lexed.tokens[item.start].start as usize;
            let end = self.lexed.tokens[item.end - 1].end as usize;
            let text = skeleton(self.lexed, std::slice::from_ref(item), start, end);
            // Text that is no item, as in a macro's tokens, is read as values.
            match syn::parse_str::<SynItem>(&text) {
                Ok(parsed) => self.item(item, &parsed, place),
                Err(_) => self.scan(item.start, item.end, Mode::Values, place),
            }
        }
        self.bound = bound;
        place
    }

    fn item(&mut self, raw: &RawItem, item: &SynItem, place: Place) {
        match item {
            SynItem::Use(item) => {
                let facts = facts(&item.attrs);
                let public = !matches!(item.vis, syn::Visibility::Inherited);
                self.import(raw, public, &facts.flags, place.within(&facts));
            }
            SynItem::ExternCrate(item) => {
                let facts = facts(&item.attrs);
                let public = !matches!(item.vis, syn::Visibility::Inherited);
                self.extern_crate(item, raw, public, &facts.flags, place);
            }
            SynItem::Mod(item) => self.module(raw, item, place),
            SynItem::Impl(item) => self.implementation(raw, item, place),
            SynItem::Trait(item) => self.trait_item(raw, item, place),
            SynItem::Fn(item) => {
                let facts = facts(&item.attrs);
                self.function(raw, ItemKind::Function, &item.sig, &facts, &item.vis, place);
            }
            SynItem::Struct(item) => {
                let detail = self.fields(&item.fields);
                let facts = facts(&item.attrs);
                self.definition(
                    raw,
                    ItemKind::Struct,
                    &item.ident,
                    &facts,
                    &item.vis,
                    detail,
                    &item.generics,
                    place,
                );
            }
            SynItem::Union(item) => {
                let facts = facts(&item.attrs);
                let detail = Detail::None;
                self.definition(
                    raw,
                    ItemKind::Union,
                    &item.ident,
                    &facts,
                    &item.vis,
                    detail,
                    &item.generics,
                    place,
                );
            }
            SynItem::Enum(item) => {
                let facts = facts(&item.attrs);
                let fields = item
                    .variants
                    .iter()
                    .map(|variant| (self.name_of(&variant.ident), 0))
                    .collect();
                let detail = Detail::Struct {
                    style: Style::Named,
                    fields,
                };
                let number = self.definition(
                    raw,
                    ItemKind::Enum,
                    &item.ident,
                    &facts,
                    &item.vis,
                    detail,
                    &item.generics,
                    place,
                );
                self.variants(raw, item, number, place);
            }
            SynItem::Type(item) => {
                let facts = facts(&item.attrs);
                let generics = self.enter(&item.generics);
                let target = self.type_path(&item.ty).0;
                self.generics.truncate(generics);
                let detail = Detail::Alias(target);
                self.definition(
                    raw,
                    ItemKind::Alias,
                    &item.ident,
                    &facts,
                    &item.vis,
                    detail,
                    &item.generics,
                    place,
                );
            }
            SynItem::TraitAlias(item) => {
                let facts = facts(&item.attrs);
                let detail = Detail::None;
                self.definition(
                    raw,
                    ItemKind::Trait,
                    &item.ident,
                    &facts,
                    &item.vis,
                    detail,
                    &item.generics,
                    place,
                );
            }
            SynItem::Const(item) => {
                let facts = facts(&item.attrs);
                let detail = Self::text_of(&item.expr);
                self.constant(
                    raw,
                    ItemKind::Constant,
                    &item.ident,
                    &facts,
                    Some(&item.vis),
                    detail,
                    place,
                );
            }
            SynItem::Static(item) => {
                let facts = facts(&item.attrs);
                let detail = Self::text_of(&item.expr);
                self.constant(
                    raw,
                    ItemKind::Static,
                    &item.ident,
                    &facts,
                    Some(&item.vis),
                    detail,
                    place,
                );
            }
            SynItem::ForeignMod(item) => self.foreign(raw, item, place),
            SynItem::Macro(item) => {
                let facts = facts(&item.attrs);
                self.macro_item(raw, &facts, place);
            }
            _ => self.scan(
                raw.start,
                raw.end,
                Mode::Type,
                Place {
                    in_macro: true,
                    ..place
                },
            ),
        }
    }

    fn new_item(
        &mut self,
        raw: &RawItem,
        kind: ItemKind,
        name: Name,
        at: u32,
        facts: &Facts,
        place: Place,
    ) -> u32 {
        let number = len(&self.index.items);
        self.index.items.push(Item {
            kind,
            name,
            at,
            scope: place.scope,
            owner: place.item,
            in_impl: place.in_impl,
            flags: self.flags(raw, facts, place),
            body: Body::default(),
            detail: Detail::None,
        });
        number
    }

    fn flags(&self, raw: &RawItem, facts: &Facts, place: Place) -> Flags {
        Flags {
            test: facts.flags.test || place.test,
            in_macro: place.in_macro,
            called_old: self.called_old(raw.start),
            ..facts.flags
        }
    }

    /// Enters generic parameters; what is returned leaves them again.
    fn enter(&mut self, generics: &syn::Generics) -> usize {
        let before = self.generics.len();
        for parameter in &generics.params {
            match parameter {
                syn::GenericParam::Type(parameter) => {
                    let name = self.name_of(&parameter.ident);
                    self.generics.push(name);
                }
                syn::GenericParam::Const(parameter) => {
                    let name = self.name_of(&parameter.ident);
                    self.generics.push(name);
                }
                syn::GenericParam::Lifetime(_) => {}
            }
        }
        before
    }

    /// Where the name of an item stands: the first identifier of this text behind its keyword.
    fn name_token(&self, raw: &RawItem, name: Name) -> usize {
        (raw.keyword..raw.end)
            .find(|token| self.lexed.is_ident(*token) && self.lexed.text(*token) == name.as_str())
            .unwrap_or(raw.keyword)
    }

    #[expect(clippy::too_many_arguments, reason = "an item has as many parts")]
    fn definition(
        &mut self,
        raw: &RawItem,
        kind: ItemKind,
        ident: &syn::Ident,
        facts: &Facts,
        vis: &syn::Visibility,
        detail: Detail,
        generics: &syn::Generics,
        place: Place,
    ) -> u32 {
        let name = self.name_of(ident);
        let token = self.name_token(raw, name);
        let number = self.new_item(raw, kind, name, self.offset(token), facts, place);
        let entered = self.enter(generics);
        let bound = self.bound.len();
        let inside = Place {
            item: number,
            ..place.within(facts)
        };
        let end = match kind {
            // Up to the opening brace, for its variants are read one by one.
            ItemKind::Enum => self.lexed.tokens[raw.end - 1].partner as usize,
            _ => raw.end,
        };
        self.scan(token + 1, end, Mode::Type, inside);
        self.bound.truncate(bound);
        self.generics.truncate(entered);
        let item = &mut self.index.items[number as usize];
        item.flags.public = !matches!(vis, syn::Visibility::Inherited);
        item.detail = detail;
        item.body = shape::body(self.lexed, token + 1, raw.end);
        number
    }

    fn fields(&mut self, fields: &Fields) -> Detail {
        use quote::ToTokens as _;
        let style = match fields {
            Fields::Named(_) => Style::Named,
            Fields::Unnamed(_) => Style::Tuple,
            Fields::Unit => Style::Unit,
        };
        let fields = fields
            .iter()
            .enumerate()
            .map(|(index, field)| {
                let name = match &field.ident {
                    Some(ident) => self.name_of(ident),
                    None => Name::new(&index.to_string()),
                };
                (name, hash_of(field.ty.to_token_stream().to_string().as_bytes()))
            })
            .collect();
        Detail::Struct { style, fields }
    }

    fn variants(&mut self, raw: &RawItem, item: &syn::ItemEnum, number: u32, place: Place) {
        let enum_flags = self.index.items[number as usize].flags;
        let entered = self.enter(&item.generics);
        let inside = Place {
            item: number,
            test: place.test || enum_flags.test,
            ..place
        };
        let bound = self.bound.len();
        let mut at = self.lexed.tokens[raw.end - 1].partner as usize + 1;
        for variant in &item.variants {
            let facts = facts(&variant.attrs);
            let name = self.name_of(&variant.ident);
            at = behind_attributes(self.lexed, at);
            let detail = self.fields(&variant.fields);
            let variant = self.new_item(raw, ItemKind::Variant, name, self.offset(at), &facts, inside);
            let entry = &mut self.index.items[variant as usize];
            entry.detail = detail;
            entry.flags.public = enum_flags.public;
            let mut mode = Mode::Type;
            at += 1;
            let from = at;
            while at + 1 < raw.end && !self.lexed.is_punct(at, b',') {
                at = match self.lexed.tokens[at].kind {
                    Kind::Open(_) => self.lexed.behind(at),
                    _ => at + 1,
                };
            }
            if self.lexed.is_punct(from, b'=') {
                mode = Mode::Values;
            }
            self.scan(from, at, mode, inside);
            at += 1;
        }
        self.bound.truncate(bound);
        self.generics.truncate(entered);
    }

    #[expect(clippy::too_many_arguments, reason = "an item has as many parts")]
    fn constant(
        &mut self,
        raw: &RawItem,
        kind: ItemKind,
        ident: &syn::Ident,
        facts: &Facts,
        vis: Option<&syn::Visibility>,
        detail: Detail,
        place: Place,
    ) {
        let name = self.name_of(ident);
        let token = self.name_token(raw, name);
        let number = self.new_item(raw, kind, name, self.offset(token), facts, place);
        let inside = Place {
            item: number,
            ..place.within(facts)
        };
        let value = (token + 1..raw.end)
            .find(|at| self.lexed.is_punct(*at, b'=') && !self.lexed.is_punct(at + 1, b'>'))
            .unwrap_or(raw.end);
        self.scan(token + 1, value, Mode::Type, inside);
        // A text that is the constant itself is no copy of it.
        if !matches!(detail, Detail::Text(_)) {
            self.scan(value, raw.end, Mode::Values, inside);
        }
        let item = &mut self.index.items[number as usize];
        item.flags.public = vis.is_none_or(|vis| !matches!(vis, syn::Visibility::Inherited));
        item.detail = detail;
        item.body = shape::body(self.lexed, value, raw.end);
    }

    fn text_of(value: &Expr) -> Detail {
        match value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Detail::Text(Name::new(&text.value())),
            _ => Detail::None,
        }
    }

    fn function(
        &mut self,
        raw: &RawItem,
        kind: ItemKind,
        signature: &syn::Signature,
        facts: &Facts,
        vis: &syn::Visibility,
        place: Place,
    ) {
        let name = self.name_of(&signature.ident);
        let token = self.name_token(raw, name);
        let number = self.new_item(raw, kind, name, self.offset(token), facts, place);
        let entered = self.enter(&signature.generics);
        let returns = self.returned(&signature.output);
        let inside = Place {
            item: number,
            ..place.within(facts)
        };
        let bound = std::mem::take(&mut self.bound);
        let body = raw.group.unwrap_or(raw.end);
        self.scan(token + 1, body, Mode::Type, inside);
        if let Some(open) = raw.group {
            self.scan(open + 1, self.lexed.behind(open) - 1, Mode::Block, inside);
        }
        self.bound = bound;
        self.generics.truncate(entered);
        let item = &mut self.index.items[number as usize];
        item.flags.public = !matches!(vis, syn::Visibility::Inherited);
        item.detail = Detail::Function {
            receiver: signature.receiver().is_some(),
            returns: returns.into(),
        };
        item.body = shape::body(self.lexed, body, raw.end);
    }

    /// All paths in a return type.
    fn returned(&mut self, output: &ReturnType) -> Vec<u32> {
        let ReturnType::Type(_, returned) = output else {
            return Vec::new();
        };
        let mut paths = Vec::new();
        self.paths_in(returned, &mut paths);
        paths
    }

    fn paths_in(&mut self, ty: &Type, into: &mut Vec<u32>) {
        match ty {
            Type::Path(path) => {
                if path.qself.is_none() {
                    let number = self.path_of(&path.path);
                    if number != NONE {
                        into.push(number);
                    }
                }
                for segment in &path.path.segments {
                    if let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments {
                        for argument in &arguments.args {
                            if let syn::GenericArgument::Type(ty) = argument {
                                self.paths_in(ty, into);
                            }
                        }
                    }
                }
            }
            Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| self.paths_in(ty, into)),
            Type::Reference(reference) => self.paths_in(&reference.elem, into),
            Type::Paren(inner) => self.paths_in(&inner.elem, into),
            Type::Group(inner) => self.paths_in(&inner.elem, into),
            Type::Array(array) => self.paths_in(&array.elem, into),
            _ => {}
        }
    }

    /// The path of a type, and whether the type is a reference, a generic parameter or of another form.
    fn type_path(&mut self, ty: &Type) -> (u32, bool) {
        match ty {
            Type::Path(path) => match &path.qself {
                None => {
                    let number = self.path_of(&path.path);
                    (number, number == NONE)
                }
                Some(_) => (NONE, true),
            },
            Type::Paren(inner) => self.type_path(&inner.elem),
            Type::Group(inner) => self.type_path(&inner.elem),
            Type::Reference(inner) => (self.type_path(&inner.elem).0, true),
            _ => (NONE, true),
        }
    }

    fn module(&mut self, raw: &RawItem, item: &syn::ItemMod, place: Place) {
        let facts = facts(&item.attrs);
        let name = self.name_of(&item.ident);
        let token = self.name_token(raw, name);
        let number = self.new_item(raw, ItemKind::Module, name, self.offset(token), &facts, place);
        self.index.items[number as usize].flags.public = !matches!(item.vis, syn::Visibility::Inherited);
        let Some((_, items)) = &item.content else {
            self.index.mod_files.push(ModFile {
                item: number,
                usual: !facts.paths.iter().any(|(_, always)| *always),
                paths: facts.paths.into_iter().map(|(path, _)| path).collect(),
            });
            return;
        };
        let scope = len(&self.index.scopes);
        self.index.scopes.push(Scope {
            parent: place.scope,
            module: number,
            within: place.item,
            block: false,
        });
        let generics = std::mem::take(&mut self.generics);
        let inside = Place {
            scope,
            item: NONE,
            in_impl: NONE,
            ..place.within(&facts)
        };
        self.items(&raw.inside, items, inside);
        self.generics = generics;
    }

    fn implementation(&mut self, raw: &RawItem, item: &syn::ItemImpl, place: Place) {
        let facts = facts(&item.attrs);
        let entered = self.enter(&item.generics);
        let trait_path = item.trait_.as_ref().map_or(NONE, |(path, _)| self.path_of(path));
        let (self_path, blanket) = self.type_path(&item.self_ty);
        let number = len(&self.index.impls);
        self.index.impls.push(Impl {
            at: self.offset(raw.keyword),
            scope: place.scope,
            owner: place.item,
            trait_path,
            self_path,
            blanket,
            flags: self.flags(raw, &facts, place),
        });
        let inside = Place {
            in_impl: number,
            ..place.within(&facts)
        };
        let bound = std::mem::take(&mut self.bound);
        let head = raw.group.unwrap_or(raw.end);
        self.scan(raw.keyword + 1, head, Mode::Type, inside);
        self.bound = bound;
        for (raw, item) in raw.inside.iter().zip(&item.items) {
            match item {
                ImplItem::Fn(item) => {
                    let facts = super::attributes::facts(&item.attrs);
                    self.function(raw, ItemKind::AssocFunction, &item.sig, &facts, &item.vis, inside);
                }
                ImplItem::Const(item) => {
                    let facts = super::attributes::facts(&item.attrs);
                    let detail = Self::text_of(&item.expr);
                    self.constant(
                        raw,
                        ItemKind::AssocConstant,
                        &item.ident,
                        &facts,
                        Some(&item.vis),
                        detail,
                        inside,
                    );
                }
                ImplItem::Type(item) => {
                    let facts = super::attributes::facts(&item.attrs);
                    let target = self.type_path(&item.ty).0;
                    let detail = Detail::Alias(target);
                    let kind = ItemKind::AssocType;
                    self.definition(
                        raw,
                        kind,
                        &item.ident,
                        &facts,
                        &item.vis,
                        detail,
                        &item.generics,
                        inside,
                    );
                }
                _ => self.scan(
                    raw.start,
                    raw.end,
                    Mode::Values,
                    Place {
                        in_macro: true,
                        ..inside
                    },
                ),
            }
        }
        self.generics.truncate(entered);
    }

    fn trait_item(&mut self, raw: &RawItem, item: &syn::ItemTrait, place: Place) {
        let facts = facts(&item.attrs);
        let name = self.name_of(&item.ident);
        let token = self.name_token(raw, name);
        let number = self.new_item(raw, ItemKind::Trait, name, self.offset(token), &facts, place);
        let entered = self.enter(&item.generics);
        let inside = Place {
            item: number,
            ..place.within(&facts)
        };
        let head = raw.group.unwrap_or(raw.end);
        let bound = std::mem::take(&mut self.bound);
        self.scan(token + 1, head, Mode::Type, inside);
        self.bound = bound;
        for (raw, item) in raw.inside.iter().zip(&item.items) {
            match item {
                TraitItem::Fn(item) => {
                    let facts = super::attributes::facts(&item.attrs);
                    let vis = syn::Visibility::Inherited;
                    self.function(raw, ItemKind::AssocFunction, &item.sig, &facts, &vis, inside);
                }
                TraitItem::Const(item) => {
                    let facts = super::attributes::facts(&item.attrs);
                    let kind = ItemKind::AssocConstant;
                    self.constant(raw, kind, &item.ident, &facts, None, Detail::None, inside);
                }
                TraitItem::Type(item) => {
                    let facts = super::attributes::facts(&item.attrs);
                    let vis = syn::Visibility::Inherited;
                    let kind = ItemKind::AssocType;
                    self.definition(
                        raw,
                        kind,
                        &item.ident,
                        &facts,
                        &vis,
                        Detail::None,
                        &item.generics,
                        inside,
                    );
                }
                _ => self.scan(
                    raw.start,
                    raw.end,
                    Mode::Values,
                    Place {
                        in_macro: true,
                        ..inside
                    },
                ),
            }
        }
        self.generics.truncate(entered);
        let item_entry = &mut self.index.items[number as usize];
        item_entry.flags.public = !matches!(item.vis, syn::Visibility::Inherited);
        item_entry.body = shape::body(self.lexed, head, raw.end);
    }

    fn foreign(&mut self, raw: &RawItem, item: &syn::ItemForeignMod, place: Place) {
        let facts = facts(&item.attrs);
        let place = place.within(&facts);
        for (raw, item) in raw.inside.iter().zip(&item.items) {
            let (kind, ident, vis) = match item {
                syn::ForeignItem::Fn(item) => (ItemKind::Function, &item.sig.ident, &item.vis),
                syn::ForeignItem::Static(item) => (ItemKind::Static, &item.ident, &item.vis),
                syn::ForeignItem::Type(item) => (ItemKind::Struct, &item.ident, &item.vis),
                _ => continue,
            };
            let name = self.name_of(ident);
            let token = self.name_token(raw, name);
            let number = self.new_item(raw, kind, name, self.offset(token), &facts, place);
            self.index.items[number as usize].flags.public = !matches!(vis, syn::Visibility::Inherited);
            let inside = Place {
                item: number,
                ..place
            };
            let bound = self.bound.len();
            self.scan(token + 1, raw.end, Mode::Type, inside);
            self.bound.truncate(bound);
        }
    }

    /// Whether the doc comment above an item says that something else has its place.
    pub(super) fn called_old(&self, start: usize) -> bool {
        let docs = &self.lexed.docs;
        let first = docs.partition_point(|doc| (doc.before as usize) < start);
        // Attributes may stand among doc comments.
        let behind = self.lexed.tokens.get(start).map_or(start, |_| start);
        docs[first..]
            .iter()
            .take_while(|doc| doc.before as usize == behind)
            .filter(|doc| !doc.inner)
            .any(|doc| says_old(&self.lexed.source[doc.start as usize..doc.end as usize]))
    }

    /// The end of the tokens, for a group that has no partner.
    pub(super) fn is_brace(&self, token: usize) -> bool {
        matches!(self.lexed.tokens.get(token), Some(token) if token.kind == Kind::Open(b'{'))
    }
}

/// Words by which documentation calls an item old.
fn says_old(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    [
        "legacy",
        "superseded",
        "deprecated",
        "obsolete",
        "replaced by",
        "use the new",
        "old version",
        "old implementation",
        "backward compat",
        "backwards compat",
    ]
    .iter()
    .any(|words| text.contains(words))
}
