use std::env;
use std::path::PathBuf;

use crate::error::{Error, ErrorKind};
use crate::options::{BuildOptions, Features, Runner};
use crate::output::Output;
use crate::progress::Progress;
use crate::project::Project;

/// What every subcommand takes.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Common {
    /// Print results as JSON, errors too
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,

    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub(crate) color: clap::ColorChoice,

    /// Say nothing of what is being done
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,

    /// The Cargo.toml of the project [default: that of the current folder, or of one above it]
    #[arg(long, value_name = "FILE", help_heading = "Project")]
    pub(crate) manifest_path: Option<PathBuf>,

    /// Only the tests of this package; may be given more than once
    #[arg(long = "package", short, value_name = "NAME", help_heading = "Project")]
    pub(crate) packages: Vec<String>,
}

/// How the subcommands build and run that do.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Building {
    /// Features to build with, separated by commas
    #[arg(
        long,
        short = 'F',
        value_name = "NAMES",
        value_delimiter = ',',
        help_heading = "Build"
    )]
    pub(crate) features: Vec<String>,

    /// Build with all features
    #[arg(long, help_heading = "Build")]
    pub(crate) all_features: bool,

    /// Build without the default features
    #[arg(long, help_heading = "Build")]
    pub(crate) no_default_features: bool,

    /// Cargo's profile to build with
    #[arg(long, value_name = "NAME", help_heading = "Build")]
    pub(crate) profile: Option<String>,

    /// Who runs the tests
    #[arg(long, value_name = "RUNNER", default_value = "cargo", help_heading = "Build")]
    pub(crate) runner: Runner,
}

/// A project, and how to go about it.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) project: Project,
    pub(crate) options: BuildOptions,
    pub(crate) runner: Runner,
    pub(crate) progress: Progress,
    pub(crate) output: Output,
}

impl Common {
    pub(crate) fn output(&self) -> Output {
        Output::new(self.json, self.color)
    }

    /// The project that is meant.
    ///
    /// # Errors
    ///
    /// Where there is none, or cargo cannot read it.
    pub(crate) fn project(&self) -> Result<Project, Error> {
        if let Some(manifest) = &self.manifest_path {
            return Project::of_manifest(manifest, &[]);
        }
        let folder = env::current_dir().map_err(|error| {
            let remedy = "go to a cargo project, or name one with --manifest-path";
            Error::new(ErrorKind::NoProject, "the current folder is gone", remedy).because(error)
        })?;
        Project::at(&folder)
    }

    /// The project that is meant, ready to be built.
    ///
    /// # Errors
    ///
    /// As [`project`](Self::project).
    pub(crate) fn open(&self, building: &Building) -> Result<Session, Error> {
        let options = BuildOptions {
            packages: self.packages.clone(),
            features: Features {
                named: building.features.clone(),
                all: building.all_features,
                no_default: building.no_default_features,
            },
            profile: building.profile.clone(),
            target_dir: None,
            configs: Vec::new(),
            keep_going: false,
        };
        Ok(Session {
            project: self.project()?,
            options,
            runner: building.runner,
            progress: Progress::new(self.quiet),
            output: self.output(),
        })
    }
}
