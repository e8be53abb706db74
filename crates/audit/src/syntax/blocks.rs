//! Items that hold items: modules, impls, traits, extern blocks.

use super::attributes::facts;
use super::builder::{Builder, Place, len};
use super::definitions::Head;
use super::index::{Detail, Impl, ItemKind, ModFile, NONE, Scope};
use super::raw_items::RawItem;
use super::scan::Mode;
use super::shape::{self};
use syn::{ImplItem, TraitItem};

impl Builder<'_> {
    pub(super) fn implementation(&mut self, raw: &RawItem, item: &syn::ItemImpl, place: Place) {
        let facts = facts(&item.attrs);
        let entered = self.enter(&item.generics);
        let trait_path = item.trait_.as_ref().map_or(NONE, |(path, _)| self.path_of(path));
        let (self_path, blanket) = self.type_path(&item.self_ty);
        let arguments = self.type_arguments(&item.self_ty);
        let number = len(&self.index.impls);
        self.index.impls.push(Impl {
            at: self.offset(raw.keyword),
            scope: place.scope,
            owner: place.item,
            trait_path,
            self_path,
            blanket,
            arguments,
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
                    let head = Head::of(&item.ident, &item.attrs, &item.vis, None);
                    let detail = Self::text_of(&item.expr);
                    self.constant(raw, ItemKind::AssocConstant, &head, detail, inside);
                }
                ImplItem::Type(item) => {
                    let target = self.type_path(&item.ty).0;
                    let head = Head::of(&item.ident, &item.attrs, &item.vis, Some(&item.generics));
                    self.definition(raw, ItemKind::AssocType, &head, Detail::Alias(target), inside);
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

    pub(super) fn trait_item(&mut self, raw: &RawItem, item: &syn::ItemTrait, place: Place) {
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
                    let head = Head::of(&item.ident, &item.attrs, &syn::Visibility::Inherited, None);
                    self.constant(raw, ItemKind::AssocConstant, &head, Detail::None, inside);
                }
                TraitItem::Type(item) => {
                    let vis = syn::Visibility::Inherited;
                    let head = Head::of(&item.ident, &item.attrs, &vis, Some(&item.generics));
                    self.definition(raw, ItemKind::AssocType, &head, Detail::None, inside);
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

    pub(super) fn foreign(&mut self, raw: &RawItem, item: &syn::ItemForeignMod, place: Place) {
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

    pub(super) fn module(&mut self, raw: &RawItem, item: &syn::ItemMod, place: Place) {
        let facts = facts(&item.attrs);
        let name = self.name_of(&item.ident);
        let token = self.name_token(raw, name);
        let number = self.new_item(raw, ItemKind::Module, name, self.offset(token), &facts, place);
        self.index.items[number as usize].flags.public = !matches!(item.vis, syn::Visibility::Inherited);
        let usual = !facts.paths.iter().any(|(_, always)| *always);
        let paths: Vec<String> = facts.paths.iter().map(|(path, _)| path.clone()).collect();
        let Some((_, items)) = &item.content else {
            self.index.mod_files.push(ModFile {
                item: number,
                usual,
                paths,
            });
            return;
        };
        let scope = len(&self.index.scopes);
        self.index.scopes.push(Scope {
            parent: place.scope,
            module: number,
            within: place.item,
            block: false,
            paths,
            usual,
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
}
