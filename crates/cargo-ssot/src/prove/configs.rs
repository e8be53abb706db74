use std::path::{Path, PathBuf};

use super::trees::Trees;

/// The files of cargo's settings that count for a folder of the work tree and that cargo does not find at the base, which
/// stands elsewhere: those above the repository. Those of the base follow, for what is nearer comes first with cargo.
pub(crate) fn configs(root: &Path, trees: &Trees) -> Vec<PathBuf> {
    let above = trees.here.ancestors().skip(1).filter_map(config);
    let mut above: Vec<PathBuf> = above.collect();
    if above.is_empty() {
        return above;
    }
    above.reverse();
    let base = trees.in_base(root).unwrap_or_else(|| trees.base.clone());
    let within = base
        .ancestors()
        .take_while(|folder| folder.starts_with(&trees.base));
    let mut within: Vec<PathBuf> = within.filter_map(config).collect();
    within.reverse();
    above.extend(within);
    above
}

/// Cargo's file of settings in a folder, by the name that it has there.
fn config(folder: &Path) -> Option<PathBuf> {
    let folder = folder.join(".cargo");
    // The one of `CARGO_HOME` is found everywhere.
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    if home.is_some_and(|home| home == folder) {
        return None;
    }
    ["config", "config.toml"]
        .map(|name| folder.join(name))
        .into_iter()
        .find(|file| file.is_file())
}
