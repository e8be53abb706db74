use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use super::trees::Trees;

/// Gives the base the `[patch]` entries of the work tree that it has not, for its tests may not resolve without them. One of a
/// package that the base's lock file has is left out: the base's product is, or may be, made with that, and stays what it
/// was. Whether anything was changed.
pub(crate) fn carry(
    ours: &DocumentMut,
    base: &mut DocumentMut,
    lock: &str,
    root: &Path,
    trees: &Trees,
) -> bool {
    let mut changed = false;
    let registries = ours.get("patch").and_then(Item::as_table_like);
    for (registry, patches) in registries.into_iter().flat_map(TableLike::iter) {
        for (name, patch) in patches.as_table_like().into_iter().flat_map(TableLike::iter) {
            let package = patch.get("package").and_then(Item::as_str).unwrap_or(name);
            let is_locked = lock
                .lines()
                .any(|line| line.trim() == format!("name = \"{package}\""));
            let Some(mut patch) = patch.clone().into_value().ok().filter(|_| !is_locked) else {
                continue;
            };
            if let Some(patch) = patch.as_inline_table_mut()
                && let Some(path) = patch.get("path").and_then(Value::as_str)
                && let Some(path) = trees.package(root, path).to_str()
            {
                patch.insert("path", Value::from(path));
            }
            let Some(there) =
                table_in(base.as_table_mut(), "patch").and_then(|there| table_in(there, registry))
            else {
                continue;
            };
            if !there.contains_key(name) {
                there.insert(name, Item::Value(patch));
                changed = true;
            }
        }
    }
    changed
}

/// The table of that name, made where there is none; `None` where something else has the name.
pub(crate) fn table_in<'t>(table: &'t mut dyn TableLike, name: &str) -> Option<&'t mut dyn TableLike> {
    table
        .entry(name)
        .or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        })
        .as_table_like_mut()
}
