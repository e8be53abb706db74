use std::fs;
use std::path::{Component, Path, PathBuf};

/// The two checkouts of one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trees {
    /// The work tree's top folder.
    pub(crate) here: PathBuf,
    /// The top folder of the worktree at the base.
    pub(crate) base: PathBuf,
}

impl Trees {
    /// The same place at the base; `None` for one outside the repository.
    pub(crate) fn in_base(&self, here: &Path) -> Option<PathBuf> {
        let within = |here: &Path| {
            here.strip_prefix(&self.here)
                .ok()
                .map(|within| self.base.join(within))
        };
        // Cargo names places by the way that it was told, which may be a link.
        within(here).or_else(|| within(&fs::canonicalize(here).ok()?))
    }

    /// The same place in the work tree; `None` for one outside the worktree.
    pub(crate) fn in_here(&self, base: &Path) -> Option<PathBuf> {
        base.strip_prefix(&self.base)
            .ok()
            .map(|within| self.here.join(within))
    }

    /// What a manifest in `folder`, of the work tree, has to say at the base to mean the package that it names with `path`:
    /// that of the base, if there is one, and else that of the work tree, or of outside.
    pub(crate) fn package(&self, folder: &Path, path: &str) -> PathBuf {
        let here = normal(&folder.join(path));
        match self.in_base(&here) {
            Some(base) if base.join("Cargo.toml").is_file() => base,
            _ => here,
        }
    }

    /// The package outside the repository that a manifest at the base means, whose folder in the work tree is `folder`.
    pub(crate) fn outside(&self, folder: &Path, path: &str) -> Option<PathBuf> {
        let here = normal(&folder.join(path));
        (!Path::new(path).is_absolute() && self.in_base(&here).is_none()).then_some(here)
    }
}

/// The path without `.` and `..`, by its text alone: what it names need not exist.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}
