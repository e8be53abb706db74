//! Functions and the types in their heads.

use super::attributes::Facts;
use super::builder::{Builder, Place};
use super::index::{Detail, ItemKind, NONE};
use super::raw_items::RawItem;
use super::scan::Mode;
use super::shape::{self};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{ReturnType, Type};

impl Builder<'_> {
    pub(super) fn function(
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
    pub(super) fn returned(&mut self, output: &ReturnType) -> Vec<u32> {
        let ReturnType::Type(_, returned) = output else {
            return Vec::new();
        };
        let mut paths = Vec::new();
        self.paths_in(returned, &mut paths);
        paths
    }

    pub(super) fn paths_in(&mut self, ty: &Type, into: &mut Vec<u32>) {
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

    /// The path of a type, and whether the type is a reference or stands for every type that fits.
    pub(super) fn type_path(&mut self, ty: &Type) -> (u32, bool) {
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
            Type::Macro(_) | Type::Verbatim(_) | Type::Infer(_) => (NONE, true),
            _ => (NONE, self.names_generic(ty.to_token_stream())),
        }
    }

    /// The paths in the generic arguments of a type; None where it has no arguments.
    pub(super) fn type_arguments(&mut self, ty: &Type) -> Option<Box<[u32]>> {
        let Type::Path(path) = ty else { return None };
        let arguments = &path.path.segments.last()?.arguments;
        matches!(arguments, syn::PathArguments::AngleBracketed(_)).then(|| {
            let mut paths = Vec::new();
            self.paths_in(ty, &mut paths);
            paths.into_iter().skip(1).collect()
        })
    }

    /// Whether a generic parameter stands among tokens.
    fn names_generic(&mut self, tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => {
                let name = self.name_of(&ident);
                self.generics.contains(&name)
            }
            TokenTree::Group(group) => self.names_generic(group.stream()),
            _ => false,
        })
    }
}
