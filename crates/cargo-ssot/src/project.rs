use std::path::{Path, PathBuf};

use cargo_metadata::MetadataCommand;

use crate::error::{Error, ErrorKind};

/// The name under which packages depend on the library.
const HARNESS: &str = "ssot-harness";

/// A cargo workspace, or a package that is one by itself.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    /// The workspace's folder.
    pub(crate) root: PathBuf,
    /// Where cargo builds.
    pub(crate) target_folder: PathBuf,
    /// Its packages, in cargo's order.
    pub(crate) packages: Vec<Package>,
}

/// A package of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// What tells it from packages of that name elsewhere: an argument for `--package`.
    pub(crate) id: String,
    pub(crate) folder: PathBuf,
    pub(crate) manifest: PathBuf,
    /// Whether it depends on ssot-harness, as it must to have fail-first tests, or is it.
    pub(crate) harnessed: bool,
}

impl Project {
    /// The project that a folder is in.
    ///
    /// # Errors
    ///
    /// Where there is none, or cargo cannot read it.
    pub(crate) fn at(folder: &Path) -> Result<Self, Error> {
        if !folder
            .ancestors()
            .any(|folder| folder.join("Cargo.toml").is_file())
        {
            return Err(Error::new(
                ErrorKind::NoProject,
                format!(
                    "there is no Cargo.toml in {} or in any folder above it",
                    folder.display()
                ),
                "go to a cargo project, or name one with --manifest-path",
            ));
        }
        let mut metadata = MetadataCommand::new();
        metadata.current_dir(folder);
        Self::of(&mut metadata)
    }

    /// The project of a `Cargo.toml`.
    ///
    /// # Errors
    ///
    /// Where there is no such file, or cargo cannot read it.
    pub(crate) fn of_manifest(manifest: &Path) -> Result<Self, Error> {
        if !manifest.is_file() {
            return Err(Error::new(
                ErrorKind::NoProject,
                format!("there is no file {}", manifest.display()),
                "name a Cargo.toml with --manifest-path",
            ));
        }
        let mut metadata = MetadataCommand::new();
        metadata.manifest_path(manifest);
        Self::of(&mut metadata)
    }

    fn of(metadata: &mut MetadataCommand) -> Result<Self, Error> {
        let metadata = metadata
            .no_deps()
            .other_options(vec!["--color=never".to_owned()])
            .exec()
            .map_err(|error| {
                let (details, source) = match error {
                    cargo_metadata::Error::CargoMetadata { stderr } => (stderr, None),
                    other => (String::new(), Some(other)),
                };
                let failed = Error::new(
                    ErrorKind::Cargo,
                    "cargo cannot read the project",
                    "see that `cargo metadata` works",
                )
                .with_details(details);
                match source {
                    None => failed,
                    Some(source) => failed.because(source),
                }
            })?;
        let packages = metadata
            .packages
            .iter()
            .filter(|package| metadata.workspace_members.contains(&package.id))
            .map(|package| Package {
                name: package.name.to_string(),
                id: package.id.repr.clone(),
                folder: package
                    .manifest_path
                    .parent()
                    .unwrap_or(&metadata.workspace_root)
                    .into(),
                manifest: package.manifest_path.clone().into(),
                // The harness's own tests stand on it, too.
                harnessed: *package.name == *HARNESS
                    || package
                        .dependencies
                        .iter()
                        .any(|dependency| dependency.name == HARNESS),
            })
            .collect();
        Ok(Self {
            root: metadata.workspace_root.into(),
            target_folder: metadata.target_directory.into(),
            packages,
        })
    }

    /// The packages of these names that depend on ssot-harness; all that do, where no name is given.
    ///
    /// # Errors
    ///
    /// Where there is no such package, or none that depends on ssot-harness.
    pub(crate) fn harnessed(&self, names: &[String]) -> Result<Vec<&Package>, Error> {
        for name in names {
            self.package(name)?;
        }
        let packages: Vec<&Package> = self
            .packages
            .iter()
            .filter(|package| package.harnessed && (names.is_empty() || names.contains(&package.name)))
            .collect();
        if packages.is_empty() {
            let what = match names {
                [] => "no package here depends on ssot-harness".to_owned(),
                names => format!("{} does not depend on ssot-harness", names.join(", ")),
            };
            let remedy = "add it to [dev-dependencies], and see `cargo ssot init`";
            return Err(Error::new(ErrorKind::NoHarness, what, remedy));
        }
        Ok(packages)
    }

    /// The package of that name.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub(crate) fn package(&self, name: &str) -> Result<&Package, Error> {
        self.packages
            .iter()
            .find(|package| package.name == name)
            .ok_or_else(|| {
                let names: Vec<&str> = self.packages.iter().map(|package| &*package.name).collect();
                let remedy = format!("there is {}", names.join(", "));
                Error::new(
                    ErrorKind::NoProject,
                    format!("there is no package `{name}` here"),
                    remedy,
                )
            })
    }
}
