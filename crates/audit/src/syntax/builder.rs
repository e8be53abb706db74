//! What is known while a file's index is being built.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::attributes::Facts;
use super::index::{FileIndex, ItemKind, Lead, NONE, Reference, Scope, TextLiteral, Use, WrittenPath};
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
    paths: Map<WrittenPath, u32>,
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

    pub(super) fn path(&mut self, path: WrittenPath) -> u32 {
        if let Some(number) = self.paths.get(&path) {
            return *number;
        }
        let number = len(&self.index.paths);
        self.index.paths.push(path.clone());
        self.paths.insert(path, number);
        number
    }

    /// A path of syn's, generic arguments left out; [`NONE`] for one that begins with a generic parameter.
    pub(super) fn path_of(&mut self, path: &syn::Path) -> u32 {
        let mut names: Vec<Name> = Vec::with_capacity(path.segments.len());
        for segment in &path.segments {
            names.push(self.name_of(&segment.ident));
        }
        match written(&names, path.leading_colon.is_some()) {
            Some(path) if !self.is_generic(&path) => self.path(path),
            _ => NONE,
        }
    }

    /// Whether a path begins with a generic parameter.
    pub(super) fn is_generic(&self, path: &WrittenPath) -> bool {
        path.lead == Lead::Name
            && path
                .names
                .first()
                .is_some_and(|name| self.generics.contains(name))
    }

    pub(super) fn refer(&mut self, path: WrittenPath, at: u32, used: Use, place: Place) {
        let path = self.path(path);
        self.index.references.push(Reference {
            path,
            at,
            scope: place.scope,
            item: place.item,
            in_impl: place.in_impl,
            used,
            in_macro: place.in_macro,
            test: place.test,
        });
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

/// A path of these names, which `::` may precede. None where nothing is left of it.
pub(super) fn written(names: &[Name], global: bool) -> Option<WrittenPath> {
    let words = &*WORDS;
    let first = *names.first()?;
    let supers = |from: usize| {
        let count = names[from..]
            .iter()
            .take_while(|name| **name == words.above)
            .count();
        (Lead::Super(u8::try_from(count).unwrap_or(u8::MAX)), from + count)
    };
    let (lead, dropped) = match first {
        _ if global => (Lead::Global, 0),
        first if first == words.root => (Lead::Crate, 1),
        first if first == words.self_type => (Lead::SelfType, 1),
        first if first == words.above => supers(0),
        first if first == words.here && names.get(1) == Some(&words.above) => supers(1),
        first if first == words.here => (Lead::Here, 1),
        _ => (Lead::Name, 0),
    };
    Some(WrittenPath {
        lead,
        names: names[dropped..].into(),
    })
}

/// The words that a path may begin with.
struct Words {
    root: Name,
    here: Name,
    above: Name,
    self_type: Name,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    root: Name::new("crate"),
    here: Name::new("self"),
    above: Name::new("super"),
    self_type: Name::new("Self"),
});

/// The number of the next element.
pub(super) fn len<T>(elements: &[T]) -> u32 {
    u32::try_from(elements.len()).expect("a file has fewer than 2^32 of anything")
}
