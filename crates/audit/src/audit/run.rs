//! From the builder to the report.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::builder::{Audit, BASELINE, CONFIGURATION};
use crate::baseline::apply;
use crate::config::{Config, Mistakes, parse};
use crate::error::Error;
use crate::model::{Model, TEST_MODULES};
use crate::report::{Failure, Report, finish};
use crate::rules::check;
use crate::workspace::Workspace;

impl Audit {
    /// Audits, for a test: fails where anything fails.
    ///
    /// # Errors
    ///
    /// Findings that the baseline does not have, or why there is no audit. Both print for a person.
    pub fn check(self) -> Result<Report, Failure> {
        let report = self.run()?;
        if report.fails() {
            return Err(Failure::Found(Box::new(report)));
        }
        Ok(report)
    }

    /// Audits, and returns what was found, whatever it is.
    ///
    /// # Errors
    ///
    /// Where there is no workspace, the configuration has mistakes or no rules, or the baseline cannot be used.
    pub fn run(mut self) -> Result<Report, Error> {
        let folder = self.folder.take().unwrap_or_else(|| PathBuf::from("."));
        let folder = absolute(&folder);
        let workspace = Workspace::at(&folder)?;
        let root = workspace.root.clone();
        let mut mistakes = Mistakes::default();
        let (path, source) = self.read_configuration(&root, &mut mistakes)?;
        if self.config.is_empty() && mistakes.is_empty() {
            return Err(Error::Usage {
                what: "there is no rule to check; add one to ssot.toml, or ask `cargo ssot audit --discover` for proposals"
                    .to_owned(),
            });
        }
        let model = Model::of(workspace, &test_modules(&self.config));
        let (mut drafts, statistics) = check(&model, &self.config, &mut mistakes);
        crate::discover::standing(&model, &self.config, &mut mistakes, &mut drafts);
        mistakes.into_result(&path, &source)?;
        let (mut findings, sources) = finish(&model, drafts);
        let baseline = self.compared(&root, &mut findings)?;
        let files = model
            .loaded
            .files
            .iter()
            .map(|file| model.relative(&file.path))
            .collect();
        Ok(Report {
            root,
            findings,
            statistics,
            files,
            baseline,
            sources,
        })
    }

    /// Reads `ssot.toml`, if it is wanted: its path and its text.
    fn read_configuration(
        &mut self,
        root: &Path,
        mistakes: &mut Mistakes,
    ) -> Result<(PathBuf, String), Error> {
        if !self.configured {
            return Ok((PathBuf::from("the rules of this audit"), String::new()));
        }
        let path = root.join(CONFIGURATION);
        let source = match fs::read_to_string(&path) {
            Ok(source) => source,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::Usage {
                    what: format!(
                        "there is no {}; write one, or let `cargo ssot audit --discover --write` propose it",
                        path.display()
                    ),
                });
            }
            Err(source) => return Err(Error::Read { path, source }),
        };
        let read = parse(&source, mistakes);
        self.config.extend(read);
        Ok((path, source))
    }

    fn compared(
        &self,
        root: &Path,
        findings: &mut Vec<crate::finding::Finding>,
    ) -> Result<Option<crate::baseline::Baseline>, Error> {
        let path = match &self.baseline {
            Some(path) => root.join(path),
            None if self.configured => root.join(BASELINE),
            None => return Ok(None),
        };
        let mut mode = self.mode.clone();
        mode.locked = self.locked.unwrap_or_else(|| env::var_os("CI").is_some());
        let baseline = apply(&path, &mode, findings)?;
        if self.baseline.is_some() && !baseline.found && !baseline.written {
            return Err(Error::NoBaseline { path });
        }
        Ok(Some(baseline))
    }
}

fn test_modules(config: &Config) -> Vec<String> {
    let own = config.settings.test_modules.iter().map(|name| name.value.clone());
    TEST_MODULES
        .iter()
        .map(|name| (*name).to_owned())
        .chain(own)
        .collect()
}

/// Cargo's metadata are relative to nothing.
pub(super) fn absolute(folder: &Path) -> PathBuf {
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())
}
