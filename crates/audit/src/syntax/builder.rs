//! What is known while a file's index is being built.

use std::fmt::Write as _;

use super::attributes::Facts;
use super::index::{FileIndex, ItemKind, NONE, Scope, TextLiteral};
use super::tokens::Lexed;
use crate::name::{Map, Name};

/// Where in a file something stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) scope: u32,
    pub(super) item: u32,
    pub(super) in_impl: u32,
    pub(super) test: bool,
    pub(super) in_macro: bool,
    /// Whether a `cfg` that is no attribute of an item decides on it.
    pub(super) conditional: bool,
}

impl Place {
    /// The same within what attributes say.
    pub(super) fn within(self, facts: &Facts) -> Self {
        Self {
            test: self.test || facts.flags.test,
            ..self
        }
    }
}

pub(super) struct Builder<'a> {
    pub(super) lexed: &'a Lexed<'a>,
    pub(super) index: FileIndex,
    /// By a hash of lead and names; where two hashes are the same, the next free number has the second.
    pub(super) paths: Map<u64, u32>,
    /// The names of generic parameters in scope.
    pub(super) generics: Vec<Name>,
    /// The names of local variables so far.
    pub(super) bound: Vec<Name>,
    text: String,
    /// Of each `macro_rules!` so far, by its name, the items that it writes under names of its own.
    pub(super) macro_names: Vec<(Name, Name, ItemKind, usize)>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(lexed: &'a Lexed<'a>) -> Self {
        let mut index = FileIndex::default();
        index.scopes.push(Scope {
            parent: NONE,
            module: NONE,
            within: NONE,
            block: false,
            paths: Vec::new(),
            usual: true,
        });
        Self {
            lexed,
            index,
            paths: Map::default(),
            generics: Vec::new(),
            bound: Vec::new(),
            text: String::new(),
            macro_names: Vec::new(),
        }
    }

    /// The name of an identifier token.
    pub(super) fn name(&self, token: usize) -> Name {
        Name::new(self.lexed.text(token))
    }

    /// The name of an identifier of syn's, without its `r#`.
    pub(super) fn name_of(&mut self, ident: &syn::Ident) -> Name {
        self.text.clear();
        write!(self.text, "{ident}").expect("text can always be written to text");
        Name::new(self.text.strip_prefix("r#").unwrap_or(&self.text))
    }

    pub(super) fn offset(&self, token: usize) -> u32 {
        self.lexed.tokens.get(token).map_or(0, |token| token.start)
    }

    /// Keeps a text that could be the value of a constant.
    pub(super) fn text_literal(&mut self, token: usize, place: Place) {
        if let Some(text) = plain_text(self.lexed.text(token)).filter(|text| text.len() >= 3) {
            self.index.texts.push(TextLiteral {
                value: super::shape::hash_of(text.as_bytes()),
                at: self.offset(token),
                scope: place.scope,
                item: place.item,
                test: place.test,
            });
        }
    }
}

/// The value of a literal that has no escapes.
pub(super) fn plain_text(literal: &str) -> Option<&str> {
    if let Some(raw) = literal.strip_prefix('r') {
        let raw = raw.trim_matches('#');
        return raw.strip_prefix('"')?.strip_suffix('"');
    }
    let text = literal.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('\\')).then_some(text)
}

/// The number of the next element.
pub(super) fn len<T>(elements: &[T]) -> u32 {
    u32::try_from(elements.len()).expect("a file has fewer than 2^32 of anything")
}
