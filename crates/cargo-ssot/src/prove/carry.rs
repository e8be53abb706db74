use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;

use super::manifest::{Ours, point_outside};
use super::sources::Sources;
use super::trees::Trees;
use super::{files, listing, patches};
use crate::error::{Error, ErrorKind};
use crate::git::Git;
use crate::program::TestRef;
use crate::project::{Package, Project};

/// Takes the tests of a package to the base; whether the base has the package at all.
///
/// # Errors
///
/// Where something cannot be read, copied or written.
pub(crate) fn carry(
    project: &Project,
    package: &Package,
    tests: &[TestRef<'_>],
    proven: &[&Package],
    trees: &Trees,
) -> Result<bool, Error> {
    let Some(there) = trees
        .in_base(&package.folder)
        .filter(|there| there.join("Cargo.toml").is_file())
    else {
        return Ok(false);
    };
    let packages: Vec<PathBuf> = project
        .packages
        .iter()
        .map(|package| package.folder.clone())
        .collect();
    files::carry(&package.folder, &there, &packages)?;
    let sources = Sources {
        project,
        package,
        tests: tests
            .iter()
            .copied()
            .filter(|test| test.program.package.id == package.id)
            .collect(),
        proven,
        trees,
    };
    let workspace = read(&project.root.join("Cargo.toml"))?;
    for folder in sources.carry()? {
        let manifest = folder.join("Cargo.toml");
        let ours = Ours {
            folder: &folder,
            manifest: &read(&manifest)?,
            root: &project.root,
            workspace: &workspace,
            trees,
        };
        if let Some(there) = trees.in_base(&manifest) {
            write(&there, &ours.written_out())?;
        }
    }
    let ours = Ours {
        folder: &package.folder,
        manifest: &read(&package.manifest)?,
        root: &project.root,
        workspace: &workspace,
        trees,
    };
    let manifest = there.join("Cargo.toml");
    let mut base = read(&manifest)?;
    ours.carry(&mut base);
    write(&manifest, &base)?;
    Ok(true)
}

/// Makes a base that stands somewhere else than the work tree find what lies outside the repository, and makes cargo choose
/// what is downloaded where the base leaves it the choice.
///
/// # Errors
///
/// Where something cannot be read or written.
pub(crate) fn settle(project: &Project, trees: &Trees) -> Result<(), Error> {
    let mut git = Git {
        top: trees.base.clone(),
    }
    .command();
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
    ]);
    git.args(["Cargo.toml", "**/Cargo.toml"]);
    let listing = listing::ask(&mut git, "list the manifests of the base")?;
    for manifest in listing::entries(&listing).map(|entry| trees.base.join(listing::path(entry))) {
        let folder = manifest.parent().and_then(|folder| trees.in_here(folder));
        // A manifest that cannot be read may be a fixture; where it matters, cargo says so.
        if let (Some(folder), Ok(mut document)) = (folder, read(&manifest))
            && point_outside(&mut document, &folder, trees)
        {
            write(&manifest, &document)?;
        }
    }
    if let Some(root) = trees.in_base(&project.root).map(|root| root.join("Cargo.toml"))
        && root.is_file()
    {
        let mut base = read(&root)?;
        let lock = fs::read_to_string(root.with_file_name("Cargo.lock")).unwrap_or_default();
        let ours = read(&project.root.join("Cargo.toml"))?;
        if patches::carry(&ours, &mut base, &lock, &project.root, trees) {
            write(&root, &base)?;
        }
    }
    let ours = project.root.join("Cargo.lock");
    if let Some(lock) = trees.in_base(&ours)
        && !lock.exists()
        && ours.is_file()
    {
        fs::copy(&ours, &lock).map_err(|error| Error::unwritable(&lock, error))?;
    }
    Ok(())
}

fn read(manifest: &Path) -> Result<DocumentMut, Error> {
    let text = fs::read_to_string(manifest).map_err(|error| Error::unreadable(manifest, error))?;
    text.parse().map_err(|error: toml_edit::TomlError| {
        let what = format!("{} is no manifest", manifest.display());
        Error::new(ErrorKind::Cargo, what, "see that `cargo metadata` works").because(error)
    })
}

fn write(manifest: &Path, document: &DocumentMut) -> Result<(), Error> {
    fs::write(manifest, document.to_string()).map_err(|error| Error::unwritable(manifest, error))
}
