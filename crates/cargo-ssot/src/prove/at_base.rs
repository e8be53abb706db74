use std::path::Path;
use std::{fs, path};

use super::base::Base;
use super::carry;
use super::configs::configs;
use super::found::{Found, find};
use super::lock::Locked;
use super::rounds::Rounds;
use super::side::Side;
use super::trees::Trees;
use super::worktree::Worktree;
use crate::build::build;
use crate::error::{Error, ErrorKind};
use crate::git::Git;
use crate::interrupt;
use crate::options::{BuildOptions, Runner};
use crate::program::{Built, TestRef};
use crate::progress::Progress;
use crate::project::{Package, Project};
use crate::tool::{cargo, watch_cargo};

/// How tests are run at the base.
#[derive(Debug)]
pub(crate) struct AtBase<'a> {
    pub(crate) git: &'a Git,
    pub(crate) base: &'a Base,
    /// That of the work tree.
    pub(crate) project: &'a Project,
    /// Those of the work tree.
    pub(crate) options: &'a BuildOptions,
    pub(crate) runner: Runner,
    pub(crate) repeat: u32,
    pub(crate) keep: bool,
    pub(crate) progress: &'a Progress,
}

/// The base, checked out, with the tests of the work tree.
pub(super) struct Prepared {
    trees: Trees,
    project: Project,
    /// The folders of packages, in the work tree, that the base has not.
    pub(super) missing: Vec<path::PathBuf>,
    /// What cargo reads of its settings beside what it finds there.
    configs: Vec<path::PathBuf>,
    /// Why cargo cannot make anything of it.
    unresolved: Option<String>,
    /// Removed when the others are not needed any more.
    _worktree: Worktree,
}

impl AtBase<'_> {
    /// What each of the tests comes to at the base, in their order.
    ///
    /// # Errors
    ///
    /// Where git, cargo or the runner fails, or a signal comes.
    pub(crate) fn sides(&self, tests: &[TestRef<'_>]) -> Result<Vec<Side>, Error> {
        if tests.is_empty() {
            return Ok(Vec::new());
        }
        let place = format!("at the base, {}", self.base.in_words());
        let prepared = self.prepare(tests).map_err(|error| error.at(&place))?;
        interrupt::check()?;
        let nowhere = |why: &str| Ok(tests.iter().map(|_| Side::Uncompiled(why.to_owned())).collect());
        if let Some(why) = &prepared.unresolved {
            return nowhere(why);
        }
        let options = self.options_there(&prepared, tests)?;
        let _locked = Locked::folder(&target_folder(self.project), self.progress)?;
        let built = if options.packages.is_empty() {
            Built::default()
        } else {
            match build(&prepared.project, &options, self.progress) {
                // The same is built here: what keeps cargo from it is the base, with what its tests need.
                Err(error) if matches!(error.kind(), ErrorKind::Build | ErrorKind::Cargo) => {
                    interrupt::check()?;
                    return nowhere(&unresolvable(&error));
                }
                other => other.map_err(|error| error.at(&place))?,
            }
        };
        interrupt::check()?;
        let found: Vec<Found<'_>> = tests
            .iter()
            .map(|test| find(*test, &prepared, &built, self.project))
            .collect();
        let runnable: Vec<TestRef<'_>> = found.iter().filter_map(Found::runnable).collect();
        let rounds = Rounds::run(
            &prepared.project,
            &runnable,
            self.runner,
            &options,
            self.repeat,
            self.progress,
        );
        interrupt::check()?;
        let rounds = match rounds {
            // The runner works, for it did here: what it says is that the tests ended without a word.
            Err(error) if error.kind() == ErrorKind::Run => Rounds::silent(self.repeat),
            other => other?,
        };
        Ok(found
            .into_iter()
            .map(|found| match found {
                Found::Test(test) => rounds.of_test(&test.identity()),
                Found::Not(side) => side,
            })
            .collect())
    }

    fn prepare(&self, tests: &[TestRef<'_>]) -> Result<Prepared, Error> {
        let _phase = self
            .progress
            .phase(format!("checking out the base, {}", self.base.in_words()));
        let worktree = Worktree::add(self.git, &self.base.revision, self.keep)?;
        let trees = Trees {
            here: fs::canonicalize(&self.git.top).map_err(|error| Error::unreadable(&self.git.top, error))?,
            base: worktree.folder().to_owned(),
        };
        let mut missing = Vec::new();
        for package in packages(tests) {
            interrupt::check()?;
            if !carry::carry(self.project, package, tests, &packages(tests), &trees)? {
                missing.push(package.folder.clone());
            }
        }
        carry::settle(self.project, &trees)?;
        let root = trees
            .in_base(&self.project.root)
            .unwrap_or_else(|| trees.base.clone());
        let configs = configs(&self.project.root, &trees);
        let mut unresolved = None;
        let there = if root.join("Cargo.toml").is_file() {
            choose_what_is_downloaded(&root, &configs, self.progress)?;
            match Project::of_manifest(&root.join("Cargo.toml"), &configs) {
                Err(error) if error.kind() == ErrorKind::Cargo => {
                    unresolved = Some(error);
                    None
                }
                other => Some(other?),
            }
        } else {
            None
        };
        let project = if let Some(there) = there {
            there
        } else {
            missing = packages(tests)
                .iter()
                .map(|package| package.folder.clone())
                .collect();
            Project {
                root,
                packages: Vec::new(),
                ..self.project.clone()
            }
        };
        Ok(Prepared {
            trees,
            project,
            missing,
            configs,
            unresolved: unresolved.map(|error| unresolvable(&error)),
            _worktree: worktree,
        })
    }

    /// Built beside what is built here, and kept, so that the next proof need not build everything.
    fn options_there(&self, prepared: &Prepared, tests: &[TestRef<'_>]) -> Result<BuildOptions, Error> {
        let folder = target_folder(self.project);
        let target_dir = path::absolute(&folder).map_err(|error| Error::unwritable(&folder, error))?;
        let packages = packages(tests)
            .iter()
            .filter_map(|package| prepared.package(package))
            .filter(|package| package.harnessed)
            .map(|package| package.name.clone())
            .collect();
        Ok(BuildOptions {
            packages,
            target_dir: Some(target_dir),
            keep_going: true,
            configs: prepared.configs.clone(),
            ..self.options.clone()
        })
    }
}

/// Where bases are built.
fn target_folder(project: &Project) -> path::PathBuf {
    project.target_folder.join("ssot").join("base")
}

/// Completes the base's lock file from what has been downloaded: the tests have just been built here, from that.
///
/// What only other platforms need may not be here, and is not asked for. Where something else is missing, the build of the
/// base downloads it, or says that it cannot.
fn choose_what_is_downloaded(
    root: &Path,
    configs: &[path::PathBuf],
    progress: &Progress,
) -> Result<(), Error> {
    let phase = progress.phase("resolving its dependencies");
    let version = watch_cargo(cargo().current_dir(root).arg("-vV"), &phase)?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let mut command = cargo();
    command
        .current_dir(root)
        .args(["metadata", "--offline", "--format-version=1"]);
    for config in configs {
        command.arg("--config").arg(config);
    }
    if let Some(host) = version.lines().find_map(|line| line.strip_prefix("host: ")) {
        command.args(["--filter-platform", host]);
    }
    watch_cargo(&mut command, &phase).map(drop)
}

/// What is said of a base of which cargo can make nothing.
fn unresolvable(error: &Error) -> String {
    let why = "cargo cannot build the base with what the tests need there:";
    match error.details().trim() {
        "" => format!("{why}\n{}", error.with_sources()),
        details => format!("{why}\n{details}"),
    }
}

impl Prepared {
    /// The package of the base that stands where this one does here.
    pub(super) fn package(&self, here: &Package) -> Option<&Package> {
        let folder = self.trees.in_base(&here.folder)?;
        self.project
            .packages
            .iter()
            .find(|package| package.folder == folder)
    }
}

/// The packages of the tests, each once.
fn packages<'a>(tests: &[TestRef<'a>]) -> Vec<&'a Package> {
    let mut packages: Vec<&Package> = Vec::new();
    for test in tests {
        let package = &test.program.package;
        if !packages.iter().any(|known| known.id == package.id) {
            packages.push(package);
        }
    }
    packages
}
