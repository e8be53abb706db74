//! Types and constants to the index.

use super::attributes::{Facts, facts};
use super::builder::{Builder, Place};
use super::index::{Detail, ItemKind, Style};
use super::raw_items::{RawItem, behind_attributes};
use super::scan::Mode;
use super::shape::{self, hash_of};
use super::tokens::Kind;
use crate::name::Name;
use syn::{Expr, ExprLit, Fields, Lit};

/// What definitions have in common.
pub(super) struct Head<'s> {
    ident: &'s syn::Ident,
    facts: Facts,
    public: bool,
    generics: Option<&'s syn::Generics>,
}

impl<'s> Head<'s> {
    pub(super) fn of(
        ident: &'s syn::Ident,
        attributes: &[syn::Attribute],
        vis: &syn::Visibility,
        generics: Option<&'s syn::Generics>,
    ) -> Self {
        Self {
            ident,
            facts: facts(attributes),
            public: !matches!(vis, syn::Visibility::Inherited),
            generics,
        }
    }
}

impl Builder<'_> {
    pub(super) fn definition(
        &mut self,
        raw: &RawItem,
        kind: ItemKind,
        head: &Head<'_>,
        detail: Detail,
        place: Place,
    ) -> u32 {
        let name = self.name_of(head.ident);
        let token = self.name_token(raw, name);
        let number = self.new_item(raw, kind, name, self.offset(token), &head.facts, place);
        let entered = head
            .generics
            .map_or(self.generics.len(), |generics| self.enter(generics));
        let bound = self.bound.len();
        let inside = Place {
            item: number,
            ..place.within(&head.facts)
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
        item.flags.public = head.public;
        item.detail = detail;
        item.body = shape::body(self.lexed, token + 1, raw.end);
        number
    }

    pub(super) fn fields(&mut self, fields: &Fields) -> Detail {
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

    /// An enum and its variants.
    pub(super) fn enumeration(&mut self, raw: &RawItem, item: &syn::ItemEnum, place: Place) {
        let fields = item
            .variants
            .iter()
            .map(|variant| (self.name_of(&variant.ident), 0))
            .collect();
        let detail = Detail::Struct {
            style: Style::Named,
            fields,
        };
        let head = Head::of(&item.ident, &item.attrs, &item.vis, Some(&item.generics));
        let number = self.definition(raw, ItemKind::Enum, &head, detail, place);
        self.variants(raw, item, number, place);
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

    pub(super) fn constant(
        &mut self,
        raw: &RawItem,
        kind: ItemKind,
        head: &Head<'_>,
        detail: Detail,
        place: Place,
    ) {
        let name = self.name_of(head.ident);
        let token = self.name_token(raw, name);
        let number = self.new_item(raw, kind, name, self.offset(token), &head.facts, place);
        let inside = Place {
            item: number,
            ..place.within(&head.facts)
        };
        let value = (token + 1..raw.end)
            .find(|at| self.lexed.is_punct(*at, b'=') && !self.lexed.is_punct(at + 1, b'>'))
            .unwrap_or(raw.end);
        let bound = self.bound.len();
        self.scan(token + 1, value, Mode::Type, inside);
        self.bound.truncate(bound);
        // A text that is the constant itself is no copy of it.
        if !matches!(detail, Detail::Text(_)) {
            self.scan(value, raw.end, Mode::Values, inside);
        }
        let item = &mut self.index.items[number as usize];
        item.flags.public = head.public;
        item.detail = detail;
        item.body = shape::body(self.lexed, value, raw.end);
    }

    pub(super) fn text_of(value: &Expr) -> Detail {
        match value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Detail::Text(Name::new(&text.value())),
            _ => Detail::None,
        }
    }
}
