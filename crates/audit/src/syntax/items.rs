//! From syn's items to the index.

use super::attributes::{Facts, facts};
use super::builder::{Builder, Place, len};
use super::definitions::Head;
use super::index::{Body, Detail, Flags, Item, ItemKind, NONE, Scope};
use super::raw_items::RawItem;
use super::scan::Mode;
use super::skeleton::skeleton;
use super::tokens::Kind;
use crate::name::Name;
use syn::Item as SynItem;

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
            paths: Vec::new(),
            usual: true,
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

    pub(super) fn item(&mut self, raw: &RawItem, item: &SynItem, place: Place) {
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
                let head = Head::of(&item.ident, &item.attrs, &item.vis, Some(&item.generics));
                self.definition(raw, ItemKind::Struct, &head, detail, place);
            }
            SynItem::Union(item) => {
                let head = Head::of(&item.ident, &item.attrs, &item.vis, Some(&item.generics));
                self.definition(raw, ItemKind::Union, &head, Detail::None, place);
            }
            SynItem::Enum(item) => self.enumeration(raw, item, place),
            SynItem::Type(item) => {
                let entered = self.enter(&item.generics);
                let target = self.type_path(&item.ty).0;
                self.generics.truncate(entered);
                let head = Head::of(&item.ident, &item.attrs, &item.vis, Some(&item.generics));
                self.definition(raw, ItemKind::Alias, &head, Detail::Alias(target), place);
            }
            SynItem::TraitAlias(item) => {
                let head = Head::of(&item.ident, &item.attrs, &item.vis, Some(&item.generics));
                self.definition(raw, ItemKind::Trait, &head, Detail::None, place);
            }
            SynItem::Const(item) => {
                let head = Head::of(&item.ident, &item.attrs, &item.vis, None);
                self.constant(raw, ItemKind::Constant, &head, Self::text_of(&item.expr), place);
            }
            SynItem::Static(item) => {
                let head = Head::of(&item.ident, &item.attrs, &item.vis, None);
                self.constant(raw, ItemKind::Static, &head, Self::text_of(&item.expr), place);
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

    pub(super) fn new_item(
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
        self.superseded(raw.start, number);
        number
    }

    pub(super) fn flags(&self, raw: &RawItem, facts: &Facts, place: Place) -> Flags {
        Flags {
            test: facts.flags.test || place.test,
            in_macro: place.in_macro,
            conditional: facts.flags.conditional || place.conditional,
            called_old: self.called_old(raw.start),
            ..facts.flags
        }
    }

    /// Enters generic parameters; what is returned leaves them again.
    pub(super) fn enter(&mut self, generics: &syn::Generics) -> usize {
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
    pub(super) fn name_token(&self, raw: &RawItem, name: Name) -> usize {
        (raw.keyword..raw.end)
            .find(|token| self.lexed.is_ident(*token) && self.lexed.text(*token) == name.as_str())
            .unwrap_or(raw.keyword)
    }

    /// The end of the tokens, for a group that has no partner.
    pub(super) fn is_brace(&self, token: usize) -> bool {
        matches!(self.lexed.tokens.get(token), Some(token) if token.kind == Kind::Open(b'{'))
    }
}
