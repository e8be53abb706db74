use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, TableLike};

/// The harness: what it does is not the test's.
const HARNESS: [&str; 3] = ["ssot-harness", "ssot-harness-macros", "cargo-ssot"];

/// A package with a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) name: String,
    /// The folder of its manifest.
    pub(super) folder: PathBuf,
    /// The topmost file of its library.
    pub(super) root: PathBuf,
}

/// What a package's manifest says of paths.
#[derive(Debug)]
struct Manifest {
    package: Package,
    /// The folders of the packages that the product is made with.
    product: Vec<PathBuf>,
    /// Those that tests are made with beside.
    tests: Vec<PathBuf>,
}

/// The path packages that the tests of a package depend on and its product does not, by their folders.
pub(super) fn dev_only(package: &Path) -> Vec<Package> {
    let Some(manifest) = read(package) else {
        return Vec::new();
    };
    let mut product = BTreeSet::from([package.to_owned()]);
    reach(manifest.product, &mut product);
    let mut tests = BTreeSet::new();
    reach(manifest.tests, &mut tests);
    tests
        .difference(&product)
        .filter_map(|folder| read(folder))
        .map(|manifest| manifest.package)
        .filter(|package| !HARNESS.contains(&&*package.name))
        .collect()
}

/// The folders, and those that their products are made with.
fn reach(from: Vec<PathBuf>, reached: &mut BTreeSet<PathBuf>) {
    let mut next = from;
    while let Some(folder) = next.pop() {
        let manifest = read(&folder);
        let is_harness = |manifest: &Manifest| HARNESS.contains(&&*manifest.package.name);
        if manifest.as_ref().is_some_and(is_harness) || !reached.insert(folder) {
            continue;
        }
        next.extend(manifest.into_iter().flat_map(|manifest| manifest.product));
    }
}

fn parse(manifest: &Path) -> Option<Document<String>> {
    Document::parse(fs::read_to_string(manifest).ok()?).ok()
}

fn read(folder: &Path) -> Option<Manifest> {
    let document = parse(&folder.join("Cargo.toml"))?;
    let root = document.as_table();
    let shared = shared(folder);
    let mut manifest = Manifest {
        package: Package {
            name: root.get("package")?.get("name")?.as_str()?.to_owned(),
            folder: folder.to_owned(),
            root: folder.join(library(root).unwrap_or("src/lib.rs")),
        },
        product: Vec::new(),
        tests: Vec::new(),
    };
    let targets = root.get("target").and_then(Item::as_table_like);
    let tables = targets
        .into_iter()
        .flat_map(TableLike::iter)
        .filter_map(|(_, target)| target.as_table_like());
    for table in std::iter::once(root as &dyn TableLike).chain(tables) {
        for name in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let of_tests = name == "dev-dependencies";
            let dependencies = table.get(name).and_then(Item::as_table_like);
            for (name, dependency) in dependencies.into_iter().flat_map(TableLike::iter) {
                let path = dependency.get("path").and_then(Item::as_str);
                let inherits = dependency.get("workspace").and_then(Item::as_bool) == Some(true);
                let found = match path {
                    Some(path) => Some(folder.join(path)),
                    None if inherits => shared.get(name).cloned(),
                    None => None,
                };
                let found = found.and_then(|folder| fs::canonicalize(folder).ok());
                if of_tests {
                    manifest.tests.extend(found);
                } else {
                    manifest.product.extend(found);
                }
            }
        }
    }
    Some(manifest)
}

fn library(root: &dyn TableLike) -> Option<&str> {
    root.get("lib")?.get("path")?.as_str()
}

/// The paths that members of the workspace around a folder may inherit, by name.
fn shared(folder: &Path) -> BTreeMap<String, PathBuf> {
    let workspace = folder.ancestors().find_map(|folder| {
        let document = parse(&folder.join("Cargo.toml"))?;
        document.contains_key("workspace").then_some((folder, document))
    });
    let Some((folder, document)) = workspace else {
        return BTreeMap::new();
    };
    let dependencies = document
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"))
        .and_then(Item::as_table_like);
    dependencies
        .into_iter()
        .flat_map(TableLike::iter)
        .filter_map(|(name, dependency)| {
            let path = dependency.get("path")?.as_str()?;
            Some((name.to_owned(), folder.join(path)))
        })
        .collect()
}

/// Whether a file is the source of a product: of a package that is not for tests alone. What stands beside its sources, in
/// `tests` or a folder of its own, is not.
pub(super) fn is_product(file: &Path, dev_only: &[Package]) -> bool {
    let Some(folder) = file
        .ancestors()
        .skip(1)
        .find(|folder| folder.join("Cargo.toml").is_file())
    else {
        return false;
    };
    if dev_only.iter().any(|package| package.folder == folder) {
        return false;
    }
    let Some(document) = parse(&folder.join("Cargo.toml")) else {
        return file.starts_with(folder.join("src"));
    };
    let root = document.as_table();
    let binaries = root.get("bin").and_then(Item::as_array_of_tables);
    let binaries = binaries
        .into_iter()
        .flatten()
        .filter_map(|binary| binary.get("path")?.as_str());
    let roots = library(root)
        .into_iter()
        .chain(binaries)
        .map(|path| folder.join(path));
    file.starts_with(folder.join("src"))
        || file == folder.join("build.rs")
        || roots.into_iter().any(|root| {
            root == file
                || root
                    .parent()
                    .is_some_and(|parent| parent != folder && file.starts_with(parent))
        })
}
