use std::path::{Path, PathBuf};

use cargo_metadata::{Edition, MetadataCommand};

use crate::error::Error;
use crate::name::{Map, Name};

/// The packages of a workspace and what they build.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) packages: Vec<Package>,
    pub(crate) targets: Vec<Target>,
}

#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// By the name that code uses: the target that is its library, where it is in the workspace.
    pub(crate) dependencies: Map<Name, Option<usize>>,
    pub(crate) library: Option<usize>,
}

#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) package: usize,
    /// The crate's name, as code writes it.
    pub(crate) name: Name,
    pub(crate) kind: TargetKind,
    pub(crate) root: PathBuf,
    pub(crate) edition_2015: bool,
}

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TargetKind {
    Library,
    Binary,
    Example,
    Test,
    Bench,
    BuildScript,
}

impl TargetKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Library => "lib",
            Self::Binary => "bin",
            Self::Example => "example",
            Self::Test => "test",
            Self::Bench => "bench",
            Self::BuildScript => "build",
        }
    }

    /// Whether all of it is test code.
    pub(crate) fn is_test(self) -> bool {
        matches!(self, Self::Test | Self::Bench)
    }

    fn of(kinds: &[cargo_metadata::TargetKind]) -> Self {
        use cargo_metadata::TargetKind as Kind;
        let has = |kind: Kind| kinds.contains(&kind);
        if has(Kind::Test) {
            Self::Test
        } else if has(Kind::Bench) {
            Self::Bench
        } else if has(Kind::Example) {
            Self::Example
        } else if has(Kind::Bin) {
            Self::Binary
        } else if has(Kind::CustomBuild) {
            Self::BuildScript
        } else {
            Self::Library
        }
    }
}

impl Workspace {
    /// The workspace that `folder` belongs to, as cargo tells it without a network and without a build.
    ///
    /// # Errors
    ///
    /// Where cargo knows none.
    pub(crate) fn at(folder: &Path) -> Result<Self, Error> {
        let metadata = MetadataCommand::new()
            .current_dir(folder)
            .no_deps()
            .other_options(vec!["--offline".to_owned()])
            .exec()
            .map_err(|source| Error::Workspace {
                folder: folder.to_owned(),
                source,
            })?;
        let mut workspace = Self {
            root: metadata.workspace_root.clone().into_std_path_buf(),
            packages: Vec::new(),
            targets: Vec::new(),
        };
        let mut members: Vec<_> = metadata.workspace_packages();
        members.sort_by(|one, other| one.name.cmp(&other.name));
        for member in &members {
            workspace.add(member);
        }
        for (index, member) in members.iter().enumerate() {
            workspace.packages[index].dependencies = workspace.dependencies(member, &members);
        }
        Ok(workspace)
    }

    fn add(&mut self, member: &cargo_metadata::Package) {
        let package = self.packages.len();
        let mut library = None;
        let mut targets: Vec<_> = member.targets.iter().collect();
        targets.sort_by_key(|target| (TargetKind::of(&target.kind), target.name.clone()));
        for target in targets {
            let kind = TargetKind::of(&target.kind);
            if kind == TargetKind::Library {
                library = Some(self.targets.len());
            }
            self.targets.push(Target {
                package,
                name: Name::new(&target.name.replace('-', "_")),
                kind,
                root: target.src_path.clone().into_std_path_buf(),
                edition_2015: target.edition == Edition::E2015,
            });
        }
        let folder = member.manifest_path.parent().unwrap_or(&member.manifest_path);
        self.packages.push(Package {
            name: member.name.to_string(),
            folder: folder.to_path_buf().into_std_path_buf(),
            dependencies: Map::default(),
            library,
        });
    }

    fn dependencies(
        &self,
        member: &cargo_metadata::Package,
        members: &[&cargo_metadata::Package],
    ) -> Map<Name, Option<usize>> {
        let mut dependencies = Map::default();
        for dependency in &member.dependencies {
            let package = members.iter().position(|member| {
                dependency.source.is_none()
                    && dependency.name == member.name.as_str()
                    && dependency
                        .path
                        .as_ref()
                        .is_none_or(|path| member.manifest_path.parent().is_some_and(|folder| folder == path))
            });
            let library = package.and_then(|package| self.packages[package].library);
            let name = match (&dependency.rename, library) {
                (Some(name), _) => Name::new(&name.replace('-', "_")),
                // The library of a package may have a name of its own.
                (None, Some(library)) => self.targets[library].name,
                (None, None) => Name::new(&dependency.name.replace('-', "_")),
            };
            dependencies.insert(name, library);
        }
        dependencies
    }
}
