use std::path::{Path, PathBuf};
use std::{fs, io};

use super::listing;
use super::trees::Trees;
use crate::error::Error;
use crate::git::Git;

/// The folders beside a package's manifest that are its tests', and hold nothing of the product.
pub(crate) const FOLDERS: [&str; 5] = ["tests", "fixtures", "snapshots", "testdata", "test-data"];

/// Takes the tests of a package, and what they read, from the work tree to the base: whatever git does not ignore, whether it
/// is committed or not. `tests` becomes what it is here; the other folders keep what they have besides.
///
/// Packages that lie within, at `packages`, are the product's, and stay as they are.
///
/// # Errors
///
/// Where git cannot list them, or they cannot be copied.
pub(crate) fn carry(here: &Path, there: &Path, packages: &[PathBuf]) -> Result<(), Error> {
    let tests = there.join("tests");
    remove(&tests).map_err(|error| Error::unwritable(&tests, error))?;
    for file in listed(here, &FOLDERS)? {
        let from = here.join(&file);
        let of_product = |package: &&PathBuf| package.starts_with(here) && *package != here;
        let products = packages.iter().filter(of_product);
        if !file.starts_with("tests") && products.into_iter().any(|package| from.starts_with(package)) {
            continue;
        }
        copy(&from, &there.join(&file)).map_err(|error| Error::unwritable(&there.join(&file), error))?;
    }
    Ok(())
}

/// Takes a package that only tests depend on to the base, but for `packages` that lie within it: what the base has of its sources
/// is gone there.
///
/// # Errors
///
/// Where git cannot list its files, or they cannot be copied.
pub(crate) fn carry_package(here: &Path, there: &Path, packages: &[PathBuf]) -> Result<(), Error> {
    let sources = there.join("src");
    remove(&sources).map_err(|error| Error::unwritable(&sources, error))?;
    for file in listed(here, &["."])? {
        let from = here.join(&file);
        if packages.iter().any(|package| from.starts_with(package)) {
            continue;
        }
        copy(&from, &there.join(&file)).map_err(|error| Error::unwritable(&there.join(&file), error))?;
    }
    Ok(())
}

/// Takes one file of the work tree to the base.
///
/// # Errors
///
/// Where it cannot be copied.
pub(crate) fn carry_file(here: &Path, trees: &Trees) -> Result<(), Error> {
    match trees.in_base(here) {
        Some(there) => copy(here, &there).map_err(|error| Error::unwritable(&there, error)),
        None => Ok(()),
    }
}

/// The files in these folders, relative to the package.
fn listed(here: &Path, folders: &[&str]) -> Result<Vec<PathBuf>, Error> {
    let mut git = Git { top: here.to_owned() }.command();
    git.args([
        "--literal-pathspecs",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
    ])
    .args(folders);
    let listing = listing::ask(&mut git, "list the tests")?;
    let mut files: Vec<PathBuf> = listing::entries(&listing).map(listing::path).collect();
    // A path that is in conflict is listed once for each side.
    files.dedup();
    Ok(files)
}

/// What is listed and gone is not copied; a submodule is, as it lies there.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let kind = match fs::symlink_metadata(from) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if kind.is_dir() {
        for entry in fs::read_dir(from)? {
            let name = entry?.file_name();
            if name != ".git" {
                copy(&from.join(&name), &to.join(&name))?;
            }
        }
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    if kind.is_symlink() {
        remove(to)?;
        return link(&fs::read_link(from)?, to);
    }
    fs::copy(from, to).map(drop)
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(unix)]
fn link(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

/// What the link leads to, for links are not everybody's to make.
#[cfg(not(unix))]
fn link(target: &Path, link: &Path) -> io::Result<()> {
    let folder = link.parent().unwrap_or(link);
    fs::copy(folder.join(target), link).map(drop)
}
