//! `use` and `extern crate`.

use super::builder::{Builder, Place};
use super::index::{Flags, Import, Imported, NONE};
use super::raw_items::RawItem;
use super::written::Written;
use crate::name::Name;

impl Builder<'_> {
    /// Adds every name of a `use`, which is known to parse.
    pub(super) fn import(&mut self, raw: &RawItem, public: bool, flags: &Flags, place: Place) {
        let begin = raw.keyword + 1;
        let global = self.lexed.is_path_sep(begin);
        let tree = UseTree {
            global,
            public,
            flags: Flags {
                test: place.test,
                in_macro: place.in_macro,
                ..*flags
            },
            place,
        };
        self.use_tree(begin + if global { 2 } else { 0 }, &mut Vec::new(), &tree);
    }

    /// Reads one tree, and returns the index behind it.
    fn use_tree(&mut self, mut at: usize, prefix: &mut Vec<Name>, tree: &UseTree) -> usize {
        let lexed = self.lexed;
        let depth = prefix.len();
        loop {
            if lexed.is_open(at, b'{') {
                let behind = lexed.behind(at);
                let mut inner = at + 1;
                while inner < behind - 1 {
                    // `use {::a, b}`
                    if lexed.is_path_sep(inner) {
                        inner += 2;
                    }
                    inner = self.use_tree(inner, prefix, tree);
                    if lexed.is_punct(inner, b',') {
                        inner += 1;
                    }
                }
                prefix.truncate(depth);
                return behind;
            }
            if lexed.is_punct(at, b'*') {
                self.leaf(at, prefix, Imported::Glob, tree);
                prefix.truncate(depth);
                return at + 1;
            }
            if !lexed.is_ident(at) {
                prefix.truncate(depth);
                return at + 1;
            }
            prefix.push(self.name(at));
            if lexed.is_path_sep(at + 1) {
                at += 3;
                continue;
            }
            let itself = lexed.is_word(at, "self") && prefix.len() > 1;
            if itself {
                prefix.pop();
            }
            let mut name = prefix.last().copied();
            let mut behind = at + 1;
            if lexed.is_word(behind, "as") {
                name = (!lexed.is_word(behind + 1, "_")).then(|| self.name(behind + 1));
                behind += 2;
            }
            let what = name.map_or(Imported::Unnamed, Imported::As);
            self.leaf(at, prefix, what, tree);
            prefix.truncate(depth);
            return behind;
        }
    }

    fn leaf(&mut self, at: usize, names: &[Name], what: Imported, tree: &UseTree) {
        let Some(path) = Written::of(names, tree.global) else {
            return;
        };
        let path = self.path(path);
        self.index.imports.push(Import {
            scope: tree.place.scope,
            path,
            at: self.offset(at),
            what,
            public: tree.public,
            flags: tree.flags,
            owner: tree.place.item,
        });
    }

    pub(super) fn extern_crate(
        &mut self,
        item: &syn::ItemExternCrate,
        raw: &RawItem,
        public: bool,
        flags: &Flags,
        place: Place,
    ) {
        let name = self.name_of(&item.ident);
        let renamed = match &item.rename {
            Some((_, rename)) if rename == "_" => None,
            Some((_, rename)) => Some(self.name_of(rename)),
            None => Some(name),
        };
        let names = [name];
        let Some(path) = Written::of(&names, name.as_str() != "self") else {
            return;
        };
        let path = self.path(path);
        let what = renamed.map_or(Imported::Unnamed, Imported::Crate);
        self.index.imports.push(Import {
            scope: place.scope,
            path,
            at: self.offset(raw.keyword + 2),
            what,
            public,
            flags: Flags {
                test: place.test || flags.test,
                ..*flags
            },
            owner: NONE,
        });
    }
}

/// What all names of one `use` share.
struct UseTree {
    global: bool,
    public: bool,
    flags: Flags,
    place: Place,
}
