use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Attribute, Item, UseTree, Visibility};

/// The most names that a user has to know of, without optional features.
const MOST: usize = 80;

/// Reads `pub` names off a module's source and those of its documented sub-modules.
struct Names {
    found: BTreeSet<String>,
}

/// Whether an item is there without optional features, and in the documentation.
fn is_documented(attributes: &[Attribute]) -> bool {
    !attributes.iter().any(|attribute| {
        let list = attribute.meta.require_list().map(|list| list.tokens.to_string());
        (attribute.path().is_ident("cfg") && list.is_ok_and(|list| list.starts_with("feature")))
            || (attribute.path().is_ident("doc")
                && attribute
                    .meta
                    .require_list()
                    .is_ok_and(|list| list.tokens.to_string() == "hidden"))
    })
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

impl Names {
    fn read(&mut self, file: &Path, folder: &Path) {
        let source = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for item in syn::parse_file(&source).expect("it compiles").items {
            self.add(item, folder);
        }
    }

    fn add(&mut self, item: Item, folder: &Path) {
        match item {
            Item::Use(item) if is_public(&item.vis) && is_documented(&item.attrs) => {
                self.add_tree(&item.tree);
            }
            Item::Mod(item) if is_public(&item.vis) && is_documented(&item.attrs) => {
                let name = item.ident.to_string();
                let (file, folder) = source_of(folder, &name);
                self.read(&file, &folder);
            }
            Item::Fn(item) if is_public(&item.vis) => self.insert(item.sig.ident.to_string()),
            Item::Type(item) if is_public(&item.vis) => self.insert(item.ident.to_string()),
            Item::Struct(item) if is_public(&item.vis) => self.insert(item.ident.to_string()),
            Item::Enum(item) if is_public(&item.vis) => self.insert(item.ident.to_string()),
            Item::Trait(item) if is_public(&item.vis) => self.insert(item.ident.to_string()),
            Item::Const(item) if is_public(&item.vis) => self.insert(item.ident.to_string()),
            _ => {}
        }
    }

    fn add_tree(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.add_tree(&path.tree),
            UseTree::Name(name) => self.insert(name.ident.to_string()),
            UseTree::Rename(rename) => self.insert(rename.rename.to_string()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(tree)),
            UseTree::Glob(_) => panic!("what a public glob exports cannot be counted"),
        }
    }

    fn insert(&mut self, name: String) {
        if name != "_" {
            self.found.insert(name);
        }
    }
}

fn source_of(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    let below = folder.join(name);
    let file = below.join("mod.rs");
    if file.exists() {
        (file, below)
    } else {
        (folder.join(format!("{name}.rs")), below)
    }
}

#[test]
fn a_user_has_at_most_eighty_names_to_know_of() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut names = Names {
        found: BTreeSet::new(),
    };
    names.read(&folder.join("lib.rs"), &folder);
    for known in [
        "isolation",
        "Check",
        "Case",
        "Strategy",
        "Violation",
        "User",
        "Logs",
    ] {
        assert!(
            names.found.contains(known),
            "{known} is not among {:?}",
            names.found
        );
    }
    for hidden in ["Driver", "Ledger", "Layout", "UserSink"] {
        assert!(!names.found.contains(hidden), "{hidden} is hidden or optional");
    }
    let count = names.found.len();
    assert!(count <= MOST, "{count} names: {:#?}", names.found);
}
