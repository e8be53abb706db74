use std::path::Path;

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::patches::table_in;
use super::trees::Trees;

pub(super) const DEV: &str = "dev-dependencies";

/// The manifest of a package of the work tree.
pub(crate) struct Ours<'a> {
    /// The package's folder.
    pub(crate) folder: &'a Path,
    /// Its manifest.
    pub(crate) manifest: &'a DocumentMut,
    /// The folder of its workspace.
    pub(crate) root: &'a Path,
    /// The manifest there.
    pub(crate) workspace: &'a DocumentMut,
    /// Where all that is at the base.
    pub(crate) trees: &'a Trees,
}

impl Ours<'_> {
    /// Gives the base's manifest of the package what its tests need: the dev-dependencies, each of which replaces the
    /// base's of that name, and the targets that tests are. What the product is made of stays the base's.
    ///
    /// The tests' files have to be at the base already, for cargo refuses a target without a file.
    pub(crate) fn carry(&self, base: &mut DocumentMut) {
        self.carry_dev_dependencies(self.manifest.as_table(), base.as_table_mut());
        let targets = self.manifest.get("target").and_then(Item::as_table_like);
        for (condition, target) in targets.into_iter().flat_map(TableLike::iter) {
            let Some(target) = target.as_table_like().filter(|target| target.contains_key(DEV)) else {
                continue;
            };
            let at_base =
                table_in(base.as_table_mut(), "target").and_then(|targets| table_in(targets, condition));
            if let Some(at_base) = at_base {
                self.carry_dev_dependencies(target, at_base);
            }
        }
        self.carry_targets(base);
    }

    fn carry_dev_dependencies(&self, from: &dyn TableLike, to: &mut dyn TableLike) {
        let Some(dependencies) = from.get(DEV).and_then(Item::as_table_like) else {
            return;
        };
        let Some(carried) = table_in(to, DEV) else { return };
        for (name, dependency) in dependencies.iter() {
            if let Some(dependency) = self.dependency(name, dependency) {
                carried.insert(name, Item::Value(dependency));
            }
        }
    }

    /// A dev-dependency as the base has to name it. One that comes of the workspace is written out: the base's workspace may
    /// not have it, or have another for its product.
    pub(super) fn dependency(&self, name: &str, dependency: &Item) -> Option<Value> {
        let own = dependency.clone().into_value().ok()?;
        let Value::InlineTable(mut own) = own else {
            return Some(own);
        };
        if own.get("workspace").and_then(Value::as_bool) != Some(true) {
            self.point(&mut own, self.folder);
            own.set_dotted(false);
            return Some(Value::InlineTable(own));
        }
        let shared = self.workspace.get("workspace")?.get("dependencies")?.get(name)?;
        let mut whole = match shared.clone().into_value().ok()? {
            Value::InlineTable(table) => table,
            version => InlineTable::from_iter([("version", version)]),
        };
        self.point(&mut whole, self.root);
        whole.set_dotted(false);
        let mut features = features(&whole);
        features.extend(self::features(&own));
        if !features.is_empty() {
            whole.insert("features", Value::Array(Array::from_iter(features)));
        }
        if let Some(default) = own.get("default-features") {
            whole.insert("default-features", default.clone());
        }
        Some(Value::InlineTable(whole))
    }

    /// Has a dependency's path, which counts from `folder`, name the package that is meant at the base.
    fn point(&self, dependency: &mut InlineTable, folder: &Path) {
        let path = dependency.get("path").and_then(Value::as_str);
        let path = path.map(|path| self.trees.package(folder, path));
        // A manifest cannot name what is no text; cargo will say that it is not there.
        if let Some(path) = path.as_deref().and_then(Path::to_str) {
            dependency.insert("path", Value::from(path));
        }
    }

    fn carry_targets(&self, base: &mut DocumentMut) {
        base.remove("test");
        let tests = self.manifest.get("test").and_then(Item::as_array_of_tables);
        if let Some(tests) = tests {
            let mut tests = tests.clone();
            let at_base = self.trees.in_base(self.folder);
            tests.retain(|test| match (test.get("path").and_then(Item::as_str), &at_base) {
                (Some(path), Some(folder)) => folder.join(path).is_file(),
                _ => true,
            });
            base.insert("test", Item::ArrayOfTables(tests));
        }
        let found = |manifest: &DocumentMut| manifest.get("package")?.get("autotests").cloned();
        let Some(package) = base.get_mut("package").and_then(Item::as_table_like_mut) else {
            return;
        };
        match found(self.manifest) {
            Some(autotests) => package.insert("autotests", autotests),
            None => package.remove("autotests"),
        };
    }
}

/// Has the manifest of a package of the base name the packages outside the repository where they are; `folder` is the
/// package's in the work tree. Whether anything had to be changed.
pub(crate) fn point_outside(manifest: &mut DocumentMut, folder: &Path, trees: &Trees) -> bool {
    let mut changed = false;
    let mut point = |table: &mut dyn TableLike| {
        for (_, dependency) in table.iter_mut() {
            let Some(dependency) = dependency.as_table_like_mut() else {
                continue;
            };
            let path = dependency.get("path").and_then(Item::as_str);
            let outside = path.and_then(|path| trees.outside(folder, path));
            if let Some(path) = outside.as_deref().and_then(Path::to_str) {
                dependency.insert("path", Item::Value(Value::from(path)));
                changed = true;
            }
        }
    };
    let root = manifest.as_table_mut();
    each_dependencies(root, &mut point);
    for (_, target) in tables_in(root, "target") {
        each_dependencies(target, &mut point);
    }
    if let Some(workspace) = root.get_mut("workspace").and_then(Item::as_table_like_mut) {
        each_dependencies(workspace, &mut point);
    }
    for (_, registry) in tables_in(root, "patch") {
        point(registry);
    }
    changed
}

fn each_dependencies(table: &mut dyn TableLike, point: &mut impl FnMut(&mut dyn TableLike)) {
    for name in ["dependencies", DEV, "build-dependencies"] {
        if let Some(dependencies) = table.get_mut(name).and_then(Item::as_table_like_mut) {
            point(dependencies);
        }
    }
}

/// The tables in the table of that name.
pub(super) fn tables_in<'t>(
    table: &'t mut Table,
    name: &str,
) -> impl Iterator<Item = (String, &'t mut dyn TableLike)> {
    let tables = table.get_mut(name).and_then(Item::as_table_like_mut);
    tables
        .into_iter()
        .flat_map(TableLike::iter_mut)
        .filter_map(|(name, item)| Some((name.to_string(), item.as_table_like_mut()?)))
}

fn features(dependency: &InlineTable) -> Vec<Value> {
    let features = dependency.get("features").and_then(Value::as_array);
    features.into_iter().flatten().cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    struct Repository {
        _folder: tempfile::TempDir,
        trees: Trees,
    }

    impl Repository {
        /// A work tree and a worktree with these files at the base.
        fn new(files: &[&str]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path().canonicalize().unwrap();
            let trees = Trees {
                here: root.join("here"),
                base: root.join("base"),
            };
            for file in files {
                let file = trees.base.join(file);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, "").unwrap();
            }
            Self {
                _folder: folder,
                trees,
            }
        }

        /// What the base's manifest of `crates/shop` becomes, with `$` for the folder of both trees.
        fn carry(&self, ours: &str, workspace: &str, base: &str) -> String {
            let mut base: DocumentMut = base.parse().unwrap();
            Ours {
                folder: &self.trees.here.join("crates/shop"),
                manifest: &ours.parse().unwrap(),
                root: &self.trees.here,
                workspace: &workspace.parse().unwrap(),
                trees: &self.trees,
            }
            .carry(&mut base);
            self.shown(&base)
        }

        fn shown(&self, manifest: &DocumentMut) -> String {
            let root = self.trees.here.parent().unwrap().to_str().unwrap();
            manifest.to_string().trim().replace(root, "$")
        }
    }

    #[test]
    fn dev_dependencies_and_targets_are_carried_and_nothing_else() {
        let repository = Repository::new(&[
            "crates/shop/tests/old.rs",
            "crates/shop/it/new.rs",
            "kit/Cargo.toml",
        ]);
        let ours = r#"
[package]
name = "shop"
version = "2.0.0"
autotests = false

[features]
fast = []

[dependencies]
tokio = "2"

[dev-dependencies]
harness = { path = "../../../outside/harness" }
kit = { path = "../../kit", features = ["a"] }
fresh = { path = "../fresh" }
common.workspace = true
plain = { workspace = true, features = ["b"] }

[target.'cfg(unix)'.dev-dependencies]
nix = "0.1"

[[test]]
name = "new"
path = "it/new.rs"

[[test]]
name = "gone"
path = "it/gone.rs"
"#;
        let workspace = r#"
[workspace.dependencies]
common = { path = "common", version = "1", features = ["x"] }
plain = "3"
"#;
        let base = r#"
[package]
name = "shop"
version = "1.0.0"

[dependencies]
tokio = "1"

[dev-dependencies]
kept = "1"
kit = "0.1"

[[test]]
name = "old"
path = "tests/old.rs"
"#;
        insta::assert_snapshot!(repository.carry(ours, workspace, base), @r#"
        [package]
        name = "shop"
        version = "1.0.0"
        autotests = false

        [dependencies]
        tokio = "1"

        [dev-dependencies]
        kept = "1"
        kit = { path = "$/base/kit", features = ["a"] }
        harness = { path = "$/outside/harness" }
        fresh = { path = "$/here/crates/fresh" }
        common = { path = "$/here/common", version = "1", features = ["x"] }
        plain = { version = "3", features = ["b"] }

        [target."cfg(unix)".dev-dependencies]
        nix = "0.1"

        [[test]]
        name = "new"
        path = "it/new.rs"
        "#);
    }

    #[test]
    fn a_base_without_dev_dependencies_gets_them() {
        let repository = Repository::new(&[]);
        let ours = "[dev-dependencies.harness]\nversion = \"1\"\ndefault-features = false\n";
        let carried = repository.carry(ours, "", "[package]\nname = \"shop\"\n");
        insta::assert_snapshot!(carried, @r#"
        [package]
        name = "shop"

        [dev-dependencies]
        harness = { version = "1", default-features = false }
        "#);
    }

    #[test]
    fn packages_outside_the_repository_are_named_where_they_are() {
        let repository = Repository::new(&[]);
        let manifest = r#"
[dependencies]
inside = { path = "../inside" }
outside = { path = "../../../outside" }
absolute = { path = "/opt/absolute" }
version = "1"

[target.'cfg(unix)'.build-dependencies]
unix = { path = "../../../unix", version = "1" }

[workspace.dependencies.shared]
path = "../../../shared"

[patch.crates-io]
patched = { path = "../../../patched" }
"#;
        let mut manifest: DocumentMut = manifest.parse().unwrap();
        let folder = repository.trees.here.join("crates/shop");
        assert!(point_outside(&mut manifest, &folder, &repository.trees));
        insta::assert_snapshot!(repository.shown(&manifest), @r#"
        [dependencies]
        inside = { path = "../inside" }
        outside = { path = "$/outside" }
        absolute = { path = "/opt/absolute" }
        version = "1"

        [target.'cfg(unix)'.build-dependencies]
        unix = { path = "$/unix", version = "1" }

        [workspace.dependencies.shared]
        path = "$/shared"

        [patch.crates-io]
        patched = { path = "$/patched" }
        "#);
        assert!(!point_outside(&mut manifest, &folder, &repository.trees), "once");
    }
}
