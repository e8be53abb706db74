use std::env;
use std::path::{Component, Path, PathBuf};

/// A path as somebody reads it in the folder where the command was started: from there on, where both have more in common than
/// the topmost folder.
pub(crate) fn from_here(path: &Path) -> PathBuf {
    env::current_dir().map_or_else(|_| path.to_owned(), |here| between(&here, path))
}

/// The way from a folder to a path.
pub(crate) fn between(here: &Path, path: &Path) -> PathBuf {
    let common: Vec<Component<'_>> = here
        .components()
        .zip(path.components())
        .take_while(|(one, other)| one == other)
        .map(|(one, _)| one)
        .collect();
    if !common
        .iter()
        .any(|component| matches!(component, Component::Normal(_)))
    {
        return path.to_owned();
    }
    let up = here.components().skip(common.len()).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common.len())).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::between;

    #[test]
    fn a_path_counts_from_where_the_reader_is() {
        for (here, path, expected) in [
            ("/a/b", "/a/b/c", "c"),
            ("/a/b", "/a/b", ""),
            ("/a/b/c", "/a/d", "../../d"),
            ("/a/b", "/c/d", "/c/d"),
        ] {
            assert_eq!(between(Path::new(here), Path::new(path)), Path::new(expected));
        }
    }
}
