use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::rc::Rc;

use proc_macro2::TokenStream;

use super::canonical::canonical;
use super::included::{Included, text};
use super::items::{Role, Source};
use super::names::{Names, names};
use super::sources::Sources;

/// What a test covers: items of sources, and files that those read.
#[derive(Debug, Default)]
pub(super) struct Closure {
    pub(super) items: BTreeSet<usize>,
    /// The hash of each file that is read, by its path.
    pub(super) read: BTreeMap<std::path::PathBuf, u64>,
}

/// Follows names through sources.
pub(super) struct Follower<'s> {
    sources: &'s Sources,
    /// The types and traits of tests.
    types: HashSet<&'s str>,
    is_product: &'s dyn Fn(&Path) -> bool,
    closure: Closure,
    seen: Names,
    to_see: Vec<String>,
    modules: HashSet<Rc<str>>,
    is_open: bool,
}

impl<'s> Follower<'s> {
    pub(super) fn new(sources: &'s Sources, is_product: &'s dyn Fn(&Path) -> bool) -> Self {
        let types = sources
            .items
            .iter()
            .filter(|item| item.of_tests)
            .filter_map(|item| match &item.role {
                Role::Type { name, .. } => Some(&**name),
                _ => None,
            });
        Self {
            sources,
            types: types.collect(),
            is_product,
            closure: Closure::default(),
            seen: Names::new(),
            to_see: Vec::new(),
            modules: HashSet::new(),
            is_open: sources.is_open,
        }
    }

    /// All that is named from these items and tokens on.
    pub(super) fn follow(mut self, roots: &[usize], tokens: TokenStream) -> Closure {
        self.mention(&names(tokens));
        for root in roots {
            self.cover(*root);
        }
        while let Some(name) = self.to_see.pop() {
            for index in 0..self.sources.items.len() {
                if self.is_meant(&self.sources.items[index], &name) {
                    self.cover(index);
                }
            }
        }
        if self.is_open {
            let all = 0..self.sources.items.len();
            for index in all.filter(|index| self.sources.items[*index].of_tests) {
                self.cover(index);
            }
        }
        self.closure
    }

    fn mention(&mut self, names: &Names) {
        for name in names {
            if self.seen.insert(name.clone()) {
                self.to_see.push(name.clone());
            }
        }
    }

    fn is_meant(&self, item: &Source, name: &str) -> bool {
        if !item.of_tests {
            return false;
        }
        match &item.role {
            Role::Names(names) => names.contains(name),
            Role::Type { name: own, parts } => own == name || parts.contains(name),
            Role::Macro { name: own, .. } | Role::Import(own) => own == name,
            Role::Impl { header, members } => {
                let is_type = |name: &str| self.types.contains(name);
                // What is implemented for a type of the product is known by its functions.
                header.contains(name) && is_type(name)
                    || members.contains(name) && !header.iter().any(|name| is_type(name))
            }
            Role::Made { by, tokens } => {
                let makes = |item: &Source| matches!(&item.role, Role::Macro { name: own, defines } if own == by && defines.contains(name));
                tokens.contains(name) || self.sources.items.iter().any(makes)
            }
            Role::Glob => false,
        }
    }

    fn cover(&mut self, index: usize) {
        let sources = self.sources;
        if !self.closure.items.insert(index) {
            return;
        }
        let item = &sources.items[index];
        self.mention(&item.mentions);
        // By a part of it, all of it is: so is what is implemented for it.
        if let Role::Type { name, .. } = &item.role {
            self.mention(&Names::from([name.clone()]));
        }
        for read in &item.reads {
            self.read(read);
        }
        if self.modules.insert(Rc::clone(&item.module)) {
            for (index, other) in sources.items.iter().enumerate() {
                if other.of_tests && other.module == item.module && matches!(other.role, Role::Glob) {
                    self.cover(index);
                }
            }
        }
    }

    fn read(&mut self, read: &Included) {
        let (file, is_code) = match read {
            Included::Data(file) => (file, false),
            Included::Code(file) => (file, true),
            Included::Unknown | Included::Pasted => {
                self.is_open = true;
                return;
            }
        };
        let Some(text) = text(file) else { return };
        if (self.is_product)(file) || self.closure.read.contains_key(file) {
            return;
        }
        match text.parse::<TokenStream>() {
            Ok(tokens) if is_code => {
                self.closure
                    .read
                    .insert(file.clone(), canonical("", tokens.clone()));
                self.mention(&names(tokens));
            }
            _ => {
                self.closure
                    .read
                    .insert(file.clone(), canonical(&text, TokenStream::new()));
            }
        }
    }
}
