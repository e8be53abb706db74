use toml_edit::{DocumentMut, Item, TableLike};

use super::manifest::{DEV, Ours, tables_in};

impl Ours<'_> {
    /// The manifest of a package that is taken to the base whole: what it has of the workspace is written out, for the base's
    /// may not have it.
    pub(crate) fn written_out(&self) -> DocumentMut {
        let mut whole = self.manifest.clone();
        self.write_out(whole.as_table_mut());
        for (_, target) in tables_in(whole.as_table_mut(), "target") {
            self.write_out(target);
        }
        let shared = self
            .workspace
            .get("workspace")
            .and_then(|workspace| workspace.get("package"));
        if let Some(package) = whole.get_mut("package").and_then(Item::as_table_like_mut) {
            for (name, value) in package.iter_mut() {
                let inherits = value.get("workspace").and_then(Item::as_bool) == Some(true);
                if let Some(shared) = shared
                    .and_then(|shared| shared.get(name.get()))
                    .filter(|_| inherits)
                {
                    *value = shared.clone();
                }
            }
        }
        let lints = whole.get("lints").and_then(|lints| lints.get("workspace"));
        if lints.is_some() {
            whole.remove("lints");
        }
        whole
    }

    fn write_out(&self, table: &mut dyn TableLike) {
        for kind in ["dependencies", DEV, "build-dependencies"] {
            let Some(dependencies) = table.get_mut(kind).and_then(Item::as_table_like_mut) else {
                continue;
            };
            for (name, dependency) in dependencies.iter_mut() {
                if let Some(whole) = self.dependency(&name, dependency) {
                    *dependency = Item::Value(whole);
                }
            }
        }
    }
}
