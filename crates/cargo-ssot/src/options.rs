use std::path::PathBuf;
use std::process::Command;

use crate::project::Package;

/// What is built, and how.
#[derive(Clone, Debug, Default)]
pub(crate) struct BuildOptions {
    /// The names of the packages; every one that depends on ssot-harness, where there is none.
    pub(crate) packages: Vec<String>,
    pub(crate) features: Features,
    /// Cargo's own for tests, where none is named.
    pub(crate) profile: Option<String>,
    /// The project's own, where none is named.
    pub(crate) target_dir: Option<PathBuf>,
    /// Files of cargo's settings that are read beside those that it finds, the later before the earlier.
    pub(crate) configs: Vec<PathBuf>,
    /// Whether programs that compile are wanted even where others do not.
    pub(crate) keep_going: bool,
}

/// The features that packages are built with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Features {
    pub(crate) named: Vec<String>,
    pub(crate) all: bool,
    pub(crate) no_default: bool,
}

/// Who runs tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Runner {
    /// `cargo test`
    #[default]
    Cargo,
    /// `cargo nextest run`, a process for each test
    Nextest,
}

impl BuildOptions {
    /// Tells cargo of everything that decides what its programs are: the same for building and for running.
    pub(crate) fn apply(&self, cargo: &mut Command, runner: Runner, packages: &[&Package]) {
        for package in packages {
            cargo.args(["--package", &package.id]);
        }
        let Features {
            named,
            all,
            no_default,
        } = &self.features;
        if !named.is_empty() {
            cargo.arg("--features").arg(named.join(","));
        }
        if *all {
            cargo.arg("--all-features");
        }
        if *no_default {
            cargo.arg("--no-default-features");
        }
        if let Some(profile) = &self.profile {
            let option = match runner {
                Runner::Cargo => "--profile",
                Runner::Nextest => "--cargo-profile",
            };
            cargo.args([option, profile]);
        }
        for config in &self.configs {
            cargo.arg("--config").arg(config);
        }
        if let Some(folder) = &self.target_dir {
            cargo.arg("--target-dir").arg(folder);
        }
    }
}
