//! The modules of the library use each other one way only: top-level modules, and the files of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// From the lowest: a module may use those before it.
const LAYERS: [&str; 29] = [
    "audit",
    "rng",
    "digest",
    "hook",
    "panics",
    "cause",
    "thread_inheritance",
    "current",
    "composed",
    "settings",
    "files",
    "interleave",
    "user",
    "trace",
    "logs",
    "oracle",
    "events",
    "report",
    "search",
    "isolation",
    "conformance",
    "fail_first",
    "case",
    "reference",
    "fixtures",
    "prelude",
    "private",
    "command",
    "services",
];

/// What a file uses, as paths from the root of the crate.
#[derive(Default)]
struct Paths {
    /// The module that is read.
    here: Vec<String>,
    used: Vec<Vec<String>>,
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && attribute
                    .meta
                    .require_list()
                    .is_ok_and(|list| list.tokens.to_string() == "test"))
    })
}

impl Paths {
    fn add(&mut self, segments: Vec<String>) {
        let mut path = match segments.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("super") => self.here[..self.here.len() - 1].to_vec(),
            _ => return,
        };
        let mut rest = segments.into_iter().skip(1).peekable();
        while rest.next_if(|segment| segment == "super").is_some() {
            path.pop();
        }
        path.extend(rest);
        self.used.push(path);
    }

    fn add_tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: String| before.iter().cloned().chain([name]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.add_tree(&with(path.ident.to_string()), &path.tree),
            UseTree::Name(name) => self.add(with(name.ident.to_string())),
            UseTree::Rename(rename) => self.add(with(rename.ident.to_string())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(before, tree)),
            UseTree::Glob(_) => self.add(before.to_vec()),
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            _ => &Vec::new(),
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.here.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.here.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.add(
            path.segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect(),
        );
        visit::visit_path(self, path);
    }
}

struct Library {
    root: PathBuf,
    /// By its path in the crate; files of tests are left out.
    files: BTreeMap<Vec<String>, syn::File>,
}

impl Library {
    fn read() -> Self {
        let mut library = Self {
            root: Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            files: BTreeMap::new(),
        };
        library.add(Vec::new(), &library.root.join("lib.rs"));
        library
    }

    fn add(&mut self, here: Vec<String>, file: &Path) {
        let source = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&source).expect("it compiles");
        for item in &parsed.items {
            if let Item::Mod(item) = item
                && item.content.is_none()
                && !is_for_tests(&item.attrs)
            {
                let mut below = here.clone();
                below.push(item.ident.to_string().trim_start_matches('_').to_owned());
                let plain = self.root.join(below.join("/")).with_extension("rs");
                let file = if plain.exists() {
                    plain
                } else {
                    self.root.join(below.join("/")).join("mod.rs")
                };
                self.add(below, &file);
            }
        }
        self.files.insert(here, parsed);
    }

    fn used_by(&self, here: &[String]) -> Vec<Vec<String>> {
        let mut paths = Paths {
            here: here.to_vec(),
            used: Vec::new(),
        };
        paths.visit_file(&self.files[here]);
        paths.used
    }

    /// The file that a path leads to, through what `mod.rs` files re-export.
    fn resolve(&self, path: &[String]) -> Vec<String> {
        let mut file = Vec::new();
        for segment in path {
            let mut below: Vec<String> = file.clone();
            below.push(segment.trim_start_matches('_').to_owned());
            if !self.files.contains_key(&below) {
                // An item: of this file, or re-exported by it.
                return self.re_exported(&file, segment).unwrap_or(file);
            }
            file = below;
        }
        file
    }

    fn re_exported(&self, file: &[String], name: &str) -> Option<Vec<String>> {
        let mut paths = Paths {
            here: file.to_vec(),
            used: Vec::new(),
        };
        for item in &self.files[file].items {
            if let Item::Use(item) = item
                && !matches!(item.vis, syn::Visibility::Inherited)
            {
                // In a `mod.rs`, a path begins with a module of its own.
                paths.add_tree(&["super".to_owned(), file.last()?.clone()], &item.tree);
            }
        }
        let found = paths
            .used
            .into_iter()
            .find(|path| path.last().is_some_and(|last| last == name))?;
        let module = &found[..found.len() - 1];
        (module != file && self.files.contains_key(module)).then(|| self.resolve(&found))
    }
}

/// The names on a circle, or between two; empty where there is none.
fn circle(edges: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut left = edges.clone();
    loop {
        let is_used = |name: &String| left.values().any(|uses| uses.contains(name));
        let ends: Vec<String> = left
            .iter()
            .filter(|(name, uses)| !uses.iter().any(|used| left.contains_key(used)) || !is_used(name))
            .map(|(name, _)| name.clone())
            .collect();
        if ends.is_empty() {
            return left.into_keys().collect();
        }
        for end in ends {
            left.remove(&end);
        }
    }
}

fn is_module_file(file: &[String], library: &Library) -> bool {
    library
        .files
        .keys()
        .any(|other| other.len() > file.len() && other.starts_with(file))
}

#[test]
fn top_level_modules_use_only_those_below_them() {
    let library = Library::read();
    let level = |name: &str| {
        LAYERS
            .iter()
            .position(|layer| *layer == name)
            .unwrap_or_else(|| panic!("`{name}` has no place in LAYERS"))
    };
    let mut upwards = Vec::new();
    let mut used_at_all = BTreeSet::new();
    for here in library.files.keys().filter(|file| !file.is_empty()) {
        for used in library.used_by(here) {
            let Some(module) = used.first().filter(|module| **module != here[0]) else {
                continue;
            };
            let module = module.trim_start_matches('_');
            if !library.files.contains_key([module.to_owned()].as_slice()) {
                continue;
            }
            used_at_all.insert((here[0].clone(), module.to_owned()));
            if level(module) > level(&here[0]) {
                upwards.push(format!("{} uses {}", here.join("::"), used.join("::")));
            }
        }
    }
    assert!(
        used_at_all.contains(&("search".to_owned(), "interleave".to_owned())),
        "{used_at_all:?}"
    );
    assert!(upwards.is_empty(), "{upwards:#?}");
}

#[test]
fn files_of_a_module_form_no_circle() {
    let library = Library::read();
    let mut edges: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    let mut count = 0;
    for here in library.files.keys().filter(|file| file.len() > 1) {
        if is_module_file(here, &library) {
            continue;
        }
        let module = edges.entry(here[0].clone()).or_default();
        let of_file = module.entry(here.join("::")).or_default();
        for used in library.used_by(here) {
            let file = library.resolve(&used);
            if file != *here && file.first() == here.first() && !is_module_file(&file, &library) {
                of_file.insert(file.join("::"));
                count += 1;
            }
        }
    }
    assert!(count > 500, "{count} uses were seen");
    let circles: Vec<_> = edges
        .iter()
        .map(|(module, edges)| (module, circle(edges)))
        .filter(|(_, circle)| !circle.is_empty())
        .collect();
    assert!(circles.is_empty(), "{circles:#?}");
}
