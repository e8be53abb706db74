use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use proc_macro2::{Span, TokenStream, fallback};

use super::canonical::canonical;
use super::closure::Follower;
use super::dev_only::{Package, dev_only, is_product};
use super::items::Role;
use super::sources::Sources;
use super::target::Target;
use crate::hash::Fnv;

/// What a test covers.
#[derive(Debug)]
pub(crate) struct Covers {
    /// Which kind of cargo target the test is in.
    pub(crate) target: &'static str,
    /// A fingerprint of the test itself, with its attributes, cases and values.
    pub(crate) own: u64,
    /// A fingerprint of all that is covered, in whichever files it stands.
    pub(crate) digest: u64,
    /// The files that something covered stands in, relative to the package, with a fingerprint of that.
    pub(crate) files: BTreeMap<String, u64>,
    /// The folders of the path packages that only tests depend on, relative to the package.
    pub(crate) support: Vec<String>,
    /// Whether cases and fixtures are made for it, by an attribute above.
    pub(crate) is_rstest: bool,
}

/// What the test covers whose attribute stands at `attribute`, with these tokens in and below it.
pub(crate) fn of_test(attribute: Span, options: &TokenStream, item: &TokenStream) -> Covers {
    let place = attribute
        .local_file()
        .and_then(|file| fs::canonicalize(file).ok())
        .map(|file| (file, attribute.start().line));
    let tokens = format!("{options} {item}");
    let _own = Own::begin();
    let known = KNOWN.with_borrow_mut(|known| Rc::clone(known.get_or_insert_with(|| Rc::new(Known::read()))));
    known.covers(place.as_ref(), &tokens)
}

/// While it lives, tokens are our own: the compiler's belong to one call of a macro, and would tell of faults in files that
/// it has not been asked to compile.
struct Own;

impl Own {
    fn begin() -> Self {
        fallback::force();
        Self
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        fallback::unforce();
    }
}

thread_local! {
    /// What is read once for all tests of the crate that is being compiled.
    static KNOWN: RefCell<Option<Rc<Known>>> = const { RefCell::new(None) };
}

#[derive(Debug)]
struct Known {
    target: Target,
    dev_only: Vec<Package>,
    sources: Sources,
}

impl Known {
    fn read() -> Self {
        let target = Target::of_this_process();
        let dev_only = target.package.as_deref().map(dev_only).unwrap_or_default();
        let mut sources = Sources::default();
        if let Some(root) = &target.root {
            let product = |file: &Path| target.is_of_tests() && file != root && is_product(file, &dev_only);
            sources.add_crate(root, "crate", target.is_of_tests(), &product);
            for package in &dev_only {
                sources.add_crate(&package.root, &package.name, true, &|_| false);
            }
        }
        Self {
            target,
            dev_only,
            sources,
        }
    }

    fn covers(&self, place: Option<&(PathBuf, usize)>, tokens: &str) -> Covers {
        let items = &self.sources.items;
        let roots: Vec<usize> = place.map_or_else(Vec::new, |(file, line)| {
            let is_there = |index: &usize| {
                let (first, last) = items[*index].lines;
                self.sources.files[items[*index].file] == *file && (first..=last).contains(line)
            };
            (0..items.len()).filter(is_there).collect()
        });
        let is_function = |index: &usize| matches!(&items[*index].role, Role::Names(_));
        // Where a macro wrote the test, what it was given is not where the attribute stands.
        let is_written = !roots.is_empty() && roots.iter().all(is_function);
        let tokens: TokenStream = if is_written {
            TokenStream::new()
        } else {
            tokens.parse().unwrap_or_default()
        };
        let product = |file: &Path| is_product(file, &self.dev_only);
        let closure = Follower::new(&self.sources, &product).follow(&roots, tokens.clone());

        let mut hashes: Vec<u64> = closure.read.values().copied().collect();
        let mut files: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for index in &closure.items {
            let item = &items[*index];
            hashes.push(item.hash);
            // What is imported follows from what is covered, and tells nothing of where that was edited.
            if matches!(item.role, Role::Import(_) | Role::Glob) {
                continue;
            }
            let file = self.shown(&self.sources.files[item.file]);
            files.entry(file).or_default().push(item.hash);
        }
        for (file, hash) in &closure.read {
            files.entry(self.shown(file)).or_default().push(*hash);
        }
        let mut own: Vec<u64> = roots.iter().map(|index| items[*index].hash).collect();
        if !is_written {
            let given = canonical("", tokens);
            own.push(given);
            hashes.push(given);
        }
        Covers {
            target: self.target.kind,
            own: together(own),
            digest: together(hashes),
            files: files
                .into_iter()
                .map(|(file, hashes)| (file, together(hashes)))
                .collect(),
            support: self
                .dev_only
                .iter()
                .map(|package| self.shown(&package.folder))
                .collect(),
            is_rstest: roots.iter().any(|index| items[*index].is_rstest),
        }
    }

    /// A file as it is named in the ledger: from the package's folder on, the same on every machine.
    fn shown(&self, file: &Path) -> String {
        let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        let package = self.target.package.as_deref().unwrap_or(Path::new(""));
        let common = package
            .components()
            .zip(file.components())
            .take_while(|(one, other)| one == other)
            .count();
        let up = package.components().skip(common).map(|_| "..".to_owned());
        let down = file.components().skip(common).map(|component| match component {
            Component::Normal(name) => name.to_string_lossy().into_owned(),
            other => other.as_os_str().to_string_lossy().into_owned(),
        });
        up.chain(down).collect::<Vec<_>>().join("/")
    }
}

/// One hash of several, in whichever order they come.
fn together(mut hashes: Vec<u64>) -> u64 {
    hashes.sort_unstable();
    let mut hash = Fnv::new();
    for each in hashes {
        hash.token(b'h', &format!("{each:016x}"));
    }
    hash.finish()
}
