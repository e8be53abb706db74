//! Macro calls where items stand, and `macro_rules!`.

use super::attributes::Facts;
use super::builder::{Builder, Place, len, plain_text};
use super::index::{Body, Detail, Flags, Include, Item, ItemKind, MacroCall, NONE, PACKAGE, Use};
use super::raw_items::{RawItem, RawKind, raw_items};
use super::scan::Mode;
use super::shape;
use super::skeleton::skeleton;
use super::tokens::Kind;
use super::written::Written;
use crate::name::{Name, Set};

impl Builder<'_> {
    /// A macro call or a macro's definition among items.
    pub(super) fn macro_item(&mut self, raw: &RawItem, facts: &Facts, place: Place) {
        let Some(group) = raw.group else { return };
        let place = Place {
            test: place.test || facts.flags.test,
            ..place
        };
        if raw.kind == RawKind::MacroRules {
            self.macro_rules(raw, group, facts, place);
            return;
        }
        let inside = (group + 1, self.lexed.behind(group) - 1);
        let name = self.macro_name(raw, group);
        match name.as_str() {
            "include" if self.include(inside, place) => {}
            known if self.conditional_arms(known, inside, true, place) => {}
            _ => {
                let path = self.macro_path(raw, group);
                if path != NONE {
                    self.refer_to(path, self.offset(raw.keyword), Use::MacroName, place);
                }
                let in_macro = Place {
                    in_macro: true,
                    ..place
                };
                let parsed = self.macro_items(inside, in_macro);
                self.index.macro_calls.push(MacroCall {
                    path,
                    scope: place.scope,
                    at: self.offset(raw.keyword),
                    opaque: !parsed,
                });
                if !parsed {
                    let (items, references) = (self.index.items.len(), self.index.references.len());
                    self.nominal(name, inside, place);
                    self.scan(inside.0, inside.1, Mode::Block, in_macro);
                    // Where a name is made it is not used.
                    let made: Vec<u32> = self.index.items[items..].iter().map(|item| item.at).collect();
                    let read = self.index.references.split_off(references);
                    let used = read.into_iter().filter(|reference| !made.contains(&reference.at));
                    self.index.references.extend(used);
                }
            }
        }
    }

    fn macro_name(&self, raw: &RawItem, group: usize) -> Name {
        let last = (raw.keyword..group)
            .rev()
            .find(|token| self.lexed.is_ident(*token))
            .unwrap_or(raw.keyword);
        self.name(last)
    }

    fn macro_path(&mut self, raw: &RawItem, group: usize) -> u32 {
        let names: Vec<Name> = (raw.keyword..group)
            .filter(|token| self.lexed.is_ident(*token))
            .map(|token| self.name(token))
            .collect();
        match Written::of(&names, self.lexed.is_path_sep(raw.keyword)) {
            Some(path) => self.path(path),
            None => NONE,
        }
    }

    fn include(&mut self, (from, to): (usize, usize), place: Place) -> bool {
        let mut file = String::new();
        if !self.text_value(from, to, &mut file) {
            return false;
        }
        self.index.includes.push(Include {
            scope: place.scope,
            file,
        });
        true
    }

    /// Whether the tokens are a text that is known: a literal, `env!("CARGO_MANIFEST_DIR")`, or a `concat!` of such.
    fn text_value(&self, from: usize, to: usize, into: &mut String) -> bool {
        let lexed = self.lexed;
        let call = |name| lexed.is_word(from, name) && lexed.is_punct(from + 1, b'!') && to > from + 3;
        if to == from + 1 && lexed.tokens[from].kind == Kind::Text {
            plain_text(lexed.text(from)).is_some_and(|text| {
                into.push_str(text);
                true
            })
        } else if call("env") && lexed.text(from + 3) == "\"CARGO_MANIFEST_DIR\"" {
            into.push_str(PACKAGE);
            true
        } else if call("concat") {
            let mut part = from + 3;
            (part..to).all(|at| {
                let ends = lexed.is_punct(at, b',') || at + 1 == to;
                // An argument of a call within is no part.
                if at < part || !ends {
                    return true;
                }
                let (begin, empty) = (part, part == at);
                part = at + 1;
                empty || self.text_value(begin, at, into)
            })
        } else {
            false
        }
    }

    /// Reads tokens as items, if they parse as such.
    pub(super) fn macro_items(&mut self, (from, to): (usize, usize), place: Place) -> bool {
        if from >= to {
            return false;
        }
        let raw = raw_items(self.lexed, from, to);
        let complete = raw.first().is_some_and(|item| item.start == from)
            && raw.windows(2).all(|two| two[0].end == two[1].start)
            && raw.last().is_some_and(|item| item.end == to);
        if !complete || raw.iter().all(|item| item.kind == RawKind::MacroCall) {
            return false;
        }
        let start = self.lexed.tokens[from].start as usize;
        let end = self.lexed.tokens[to - 1].end as usize;
        let text = skeleton(self.lexed, &raw, start, end);
        match syn::parse_str::<syn::File>(&text) {
            // What syn leaves as tokens, as a static without a value, only the macro knows.
            Ok(file)
                if file.items.len() == raw.len()
                    && !file
                        .items
                        .iter()
                        .any(|item| matches!(item, syn::Item::Verbatim(_))) =>
            {
                self.items(&raw, &file.items, place);
                true
            }
            _ => false,
        }
    }

    /// What an opaque call may define: names behind a keyword of an item, and any name that it is given.
    fn nominal(&mut self, called: Name, (from, to): (usize, usize), place: Place) {
        let mut seen = Set::default();
        let mut names = Vec::new();
        for token in from..to {
            if !self.lexed.is_ident(token) || self.lexed.is_punct(token.wrapping_sub(1), b'$') {
                continue;
            }
            let text = self.lexed.text(token);
            if shape::is_keyword(text) || matches!(text, "self" | "Self" | "super" | "crate") {
                continue;
            }
            let previous =
                (token > from && self.lexed.is_ident(token - 1)).then(|| self.lexed.text(token - 1));
            let kind = match previous.and_then(kind_behind) {
                Some(kind) => kind,
                _ if self.lexed.is_punct(token + 1, b':') && self.lexed.is_path_sep(token + 1) => continue,
                _ if token > from + 1 && self.lexed.is_path_sep(token - 2) => continue,
                _ if text.starts_with(char::is_uppercase) => ItemKind::Struct,
                _ if token == from || self.lexed.is_punct(token - 1, b';') => ItemKind::Module,
                _ => continue,
            };
            let name = self.name(token);
            if seen.insert(name) {
                names.push((name, kind, token));
            }
        }
        for (of, name, kind, token) in &self.macro_names {
            if *of == called && seen.insert(*name) {
                names.push((*name, *kind, *token));
            }
        }
        for (name, kind, token) in names {
            self.index.items.push(Item {
                kind,
                name,
                at: self.offset(token),
                scope: place.scope,
                owner: NONE,
                in_impl: NONE,
                flags: Flags {
                    nominal: true,
                    in_macro: true,
                    public: true,
                    test: place.test,
                    ..Flags::default()
                },
                body: Body::default(),
                detail: Detail::None,
            });
        }
    }

    fn macro_rules(&mut self, raw: &RawItem, group: usize, facts: &Facts, place: Place) {
        let name = self.name(group - 1);
        let number = len(&self.index.items);
        self.index.items.push(Item {
            kind: ItemKind::Macro,
            name,
            at: self.offset(group - 1),
            scope: place.scope,
            owner: place.item,
            in_impl: place.in_impl,
            flags: Flags {
                test: place.test,
                in_macro: place.in_macro,
                ..facts.flags
            },
            body: shape::body(self.lexed, group, raw.end),
            detail: Detail::None,
        });
        let close = self.lexed.behind(group) - 1;
        let traits = self.written_impls(group + 1, close);
        self.index.items[number as usize].detail = Detail::Macro(traits.into());
        let inside = Place {
            item: number,
            in_macro: true,
            ..place
        };
        let bound = std::mem::take(&mut self.bound);
        // Of each arm what it writes; what it matches names nothing.
        let mut at = group + 1;
        while at < close {
            if self.lexed.is_punct(at, b'=')
                && self.lexed.is_punct(at + 1, b'>')
                && let Some(Kind::Open(_)) = self.lexed.tokens.get(at + 2).map(|token| token.kind)
            {
                let behind = self.lexed.behind(at + 2);
                self.names_written(name, at + 3, behind - 1);
                self.scan(at + 3, behind - 1, Mode::Values, inside);
                at = behind;
                continue;
            }
            at += 1;
        }
        self.bound = bound;
    }

    /// Remembers the items that an arm of a macro writes under names of its own.
    fn names_written(&mut self, of: Name, from: usize, to: usize) {
        let mut at = from;
        while at + 1 < to {
            at = match self.lexed.tokens[at].kind {
                Kind::Open(_) => self.lexed.behind(at),
                Kind::Ident if self.lexed.is_ident(at + 1) => {
                    if let Some(kind) = kind_behind(self.lexed.text(at)) {
                        let name = self.name(at + 1);
                        self.macro_names.push((of, name, kind, at + 1));
                    }
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    /// The traits of each `impl Trait for` in a macro.
    fn written_impls(&mut self, from: usize, to: usize) -> Vec<u32> {
        let mut traits = Vec::new();
        for token in from..to {
            if !self.lexed.is_word(token, "impl") {
                continue;
            }
            let mut at = token + 1;
            if self.lexed.is_punct(at, b'<') {
                at = self.angle_end(at, to) + 1;
            }
            // `$crate::`
            at += usize::from(self.lexed.is_punct(at, b'$'));
            let mut names = Vec::new();
            let global = self.lexed.is_path_sep(at);
            at += if global { 2 } else { 0 };
            while at < to && self.lexed.is_ident(at) {
                names.push(self.name(at));
                at += 1;
                if self.lexed.is_punct(at, b'<') {
                    at = self.angle_end(at, to) + 1;
                }
                if !self.lexed.is_path_sep(at) {
                    break;
                }
                at += 2;
            }
            if self.lexed.is_word(at, "for")
                && let Some(path) = Written::of(&names, global)
            {
                let path = self.path(path);
                if !traits.contains(&path) {
                    traits.push(path);
                }
            }
        }
        traits
    }
}

/// What the word before a name makes it.
fn kind_behind(word: &str) -> Option<ItemKind> {
    Some(match word {
        "struct" | "union" => ItemKind::Struct,
        "enum" => ItemKind::Enum,
        "trait" => ItemKind::Trait,
        "fn" => ItemKind::Function,
        "const" => ItemKind::Constant,
        "static" | "ref" => ItemKind::Static,
        "mod" => ItemKind::Module,
        "type" => ItemKind::Alias,
        _ => return None,
    })
}
