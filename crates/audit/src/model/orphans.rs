//! Sources that no target reaches.

use std::fs;
use std::path::{Path, PathBuf};

use super::types::Model;

/// Sources below the packages' `src`, `tests`, `examples` and `benches` that no target reaches, relative to the workspace.
pub(super) fn orphans(model: &Model) -> Vec<String> {
    let mut found = Vec::new();
    for package in &model.workspace.packages {
        for folder in ["src", "tests", "examples", "benches"] {
            sources(&package.folder.join(folder), &mut found);
        }
    }
    let mut orphans: Vec<String> = found
        .iter()
        .filter(|path| !model.loaded.by_path.contains_key(*path))
        .map(|path| model.relative(path))
        .collect();
    orphans.sort();
    orphans.dedup();
    orphans
}

/// Links are not followed, so that one that leads to its own parent ends.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        // Not every package has every folder.
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            // Another package, or what a build left.
            if !path.join("Cargo.toml").exists() && !path.ends_with("target") {
                sources(&path, into);
            }
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}
