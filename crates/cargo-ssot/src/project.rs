use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::MetadataCommand;

use crate::error::{Error, ErrorKind};
use crate::program::TargetKind;

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
    /// Where it has ssot-harness from, where it depends on it.
    pub(crate) harness: Option<Origin>,
    /// The folders and files that its product is made of.
    pub(crate) product: Vec<PathBuf>,
    /// The names of its targets, each with its kind and the features that it requires.
    pub(crate) targets: Vec<(TargetKind, String, Vec<String>)>,
}

/// Where a dependency comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Path(PathBuf),
    /// The arguments by which `cargo install` finds it.
    Git(Vec<String>),
    Registry,
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
        Self::of(&mut metadata, &[])
    }

    /// The project of a `Cargo.toml`; `configs` are files of cargo's settings that are read beside those that it finds.
    ///
    /// # Errors
    ///
    /// Where there is no such file, or cargo cannot read it.
    pub(crate) fn of_manifest(manifest: &Path, configs: &[PathBuf]) -> Result<Self, Error> {
        if !manifest.is_file() {
            return Err(Error::new(
                ErrorKind::NoProject,
                format!("there is no file {}", manifest.display()),
                "name a Cargo.toml with --manifest-path",
            ));
        }
        // By the way that cargo will name it when it runs there, which is not by a link.
        let manifest = fs::canonicalize(manifest).map_err(|error| Error::unreadable(manifest, error))?;
        let mut metadata = MetadataCommand::new();
        metadata.manifest_path(manifest);
        Self::of(&mut metadata, configs)
    }

    fn of(metadata: &mut MetadataCommand, configs: &[PathBuf]) -> Result<Self, Error> {
        let configs = configs
            .iter()
            .map(|config| format!("--config={}", config.display()));
        let metadata = metadata
            .no_deps()
            .other_options(configs.chain(["--color=never".to_owned()]).collect::<Vec<_>>())
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
                harness: origin(package),
                product: product(package),
                targets: targets(package),
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

fn origin(package: &cargo_metadata::Package) -> Option<Origin> {
    let dependency = package
        .dependencies
        .iter()
        .find(|dependency| dependency.name == HARNESS)?;
    if let Some(path) = &dependency.path {
        return Some(Origin::Path(path.clone().into()));
    }
    let source = dependency.source.as_ref().map(|source| source.repr.as_str())?;
    let Some(url) = source.strip_prefix("git+") else {
        return Some(Origin::Registry);
    };
    let url = url.split('#').next().unwrap_or(url);
    let (url, query) = url.split_once('?').unwrap_or((url, ""));
    let mut arguments = vec!["--git".to_owned(), url.to_owned()];
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        arguments.extend([format!("--{name}"), value.to_owned()]);
    }
    Some(Origin::Git(arguments))
}

/// A target's folder, where that is not the package's own, and else its file.
fn product(package: &cargo_metadata::Package) -> Vec<PathBuf> {
    let folder = package.manifest_path.parent();
    let targets = package.targets.iter();
    let of_product = targets.filter(|target| !target.is_test() && !target.is_example() && !target.is_bench());
    let mut product: Vec<PathBuf> = of_product
        .map(|target| match target.src_path.parent() {
            Some(parent) if Some(parent) != folder => parent.into(),
            _ => target.src_path.clone().into(),
        })
        .collect();
    product.extend(folder.map(|folder| folder.join("src").into()));
    product
}

fn targets(package: &cargo_metadata::Package) -> Vec<(TargetKind, String, Vec<String>)> {
    package
        .targets
        .iter()
        .map(|target| {
            (
                TargetKind::of(target),
                target.name.clone(),
                target.required_features.clone(),
            )
        })
        .collect()
}
