//! Paths as they are written, read without an allocation each and kept once.

use std::sync::LazyLock;

use super::builder::{Builder, Place, len};
use super::index::{Lead, NONE, Reference, Use, WrittenPath};
use crate::name::Name;

/// The names of a path; few have more than six.
pub(super) struct Names {
    few: [Name; FEW],
    count: usize,
    many: Vec<Name>,
}

const FEW: usize = 6;

impl Names {
    pub(super) fn new() -> Self {
        Self {
            few: [WORDS.here; FEW],
            count: 0,
            many: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, name: Name) {
        if self.count < FEW {
            self.few[self.count] = name;
        } else {
            if self.many.is_empty() {
                self.many.extend(self.few);
            }
            self.many.push(name);
        }
        self.count += 1;
    }

    pub(super) fn extend(&mut self, other: &Self) {
        other.as_slice().iter().for_each(|name| self.push(*name));
    }

    pub(super) fn as_slice(&self) -> &[Name] {
        if self.count <= FEW {
            &self.few[..self.count]
        } else {
            &self.many
        }
    }
}

/// A path whose names stand elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'n> {
    pub(super) lead: Lead,
    pub(super) names: &'n [Name],
}

/// Where a path of these names begins, which `::` may precede, and how many of them say so.
pub(crate) fn lead_of(names: &[Name], global: bool) -> Option<(Lead, usize)> {
    let written = Written::of(names, global)?;
    Some((written.lead, names.len() - written.names.len()))
}

impl<'n> Written<'n> {
    /// A path of these names, which `::` may precede. None where nothing is left of it.
    pub(super) fn of(names: &'n [Name], global: bool) -> Option<Self> {
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
        Some(Self {
            lead,
            names: &names[dropped..],
        })
    }
}

impl Builder<'_> {
    /// The number of a path.
    pub(super) fn path(&mut self, path: Written<'_>) -> u32 {
        let mut key = crate::name::hash_of(&(path.lead, path.names));
        loop {
            match self.paths.get(&key) {
                None => break,
                Some(number) => {
                    let known = &self.index.paths[*number as usize];
                    if known.lead == path.lead && *known.names == *path.names {
                        return *number;
                    }
                    key = key.wrapping_add(1);
                }
            }
        }
        let number = len(&self.index.paths);
        self.index.paths.push(WrittenPath {
            lead: path.lead,
            names: path.names.into(),
        });
        self.paths.insert(key, number);
        number
    }

    /// A path of syn's, generic arguments left out; [`NONE`] for one that begins with a generic parameter.
    pub(super) fn path_of(&mut self, path: &syn::Path) -> u32 {
        let mut names = Names::new();
        for segment in &path.segments {
            names.push(self.name_of(&segment.ident));
        }
        match Written::of(names.as_slice(), path.leading_colon.is_some()) {
            Some(path) if !self.is_generic(path) => self.path(path),
            _ => NONE,
        }
    }

    /// Whether a path begins with a generic parameter.
    pub(super) fn is_generic(&self, path: Written<'_>) -> bool {
        path.lead == Lead::Name
            && path
                .names
                .first()
                .is_some_and(|name| self.generics.contains(name))
    }

    pub(super) fn refer(&mut self, path: Written<'_>, at: u32, used: Use, place: Place) {
        let path = self.path(path);
        self.refer_to(path, at, used, place);
    }

    /// As [`refer`](Self::refer), of a path that is kept already.
    pub(super) fn refer_to(&mut self, path: u32, at: u32, used: Use, place: Place) {
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

#[cfg(test)]
mod tests {
    use super::{Names, Written};
    use crate::name::Name;
    use crate::syntax::index::Lead;

    #[test]
    fn a_long_path_keeps_all_its_names() {
        for count in 0..20 {
            let texts: Vec<String> = (0..count).map(|number| format!("n{number}")).collect();
            let mut names = Names::new();
            for text in &texts {
                names.push(Name::new(text));
            }
            let found: Vec<&str> = names.as_slice().iter().map(|name| name.as_str()).collect();
            assert_eq!(found, texts);
        }
    }

    #[test]
    fn a_path_begins_where_its_first_words_say() {
        let begins = |text: &str| {
            let global = text.starts_with("::");
            let names: Vec<Name> = text.trim_start_matches("::").split("::").map(Name::new).collect();
            let written = Written::of(&names, global).expect("there are names");
            (written.lead, written.names.len())
        };
        assert_eq!(begins("a::b"), (Lead::Name, 2));
        assert_eq!(begins("::a::b"), (Lead::Global, 2));
        assert_eq!(begins("crate::a"), (Lead::Crate, 1));
        assert_eq!(begins("self::a"), (Lead::Here, 1));
        assert_eq!(begins("Self::a"), (Lead::SelfType, 1));
        assert_eq!(begins("super::a"), (Lead::Super(1), 1));
        assert_eq!(begins("super::super::a"), (Lead::Super(2), 1));
        assert_eq!(begins("self::super::super::a::b"), (Lead::Super(2), 2));
        assert!(Written::of(&[], false).is_none());
    }
}
