use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::process::{ExitCode, Termination};

use crate::baseline::Baseline;
use crate::finding::{Finding, Level, State};
use crate::model::Statistics;

/// What an audit found, and what it covered.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The folder of the workspace.
    pub root: PathBuf,
    /// All findings, by file and line.
    pub findings: Vec<Finding>,
    /// What was read.
    pub statistics: Statistics,
    /// The files that were read, below the root.
    pub files: Vec<String>,
    /// How the findings stand to the baseline, where there is one.
    pub baseline: Option<Baseline>,
    /// The texts of the files that findings stand in, by their paths below the root.
    pub(crate) sources: BTreeMap<String, String>,
}

impl Report {
    /// Whether the audit fails: a finding that the baseline does not have, an entry of it that is gone, or a file that could not
    /// be read.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.findings.iter().any(Finding::fails) || !self.statistics.unread.is_empty()
    }

    /// The findings that fail it.
    pub fn failing(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.fails())
    }

    /// How many findings are errors of this state.
    pub(crate) fn count(&self, state: State) -> usize {
        let counted = |finding: &&Finding| finding.level == Level::Error && finding.state == state;
        self.findings.iter().filter(counted).count()
    }
}

/// What a test that passes prints, so that every run says what it read.
impl Termination for Report {
    fn report(self) -> ExitCode {
        println!("{}", self.summary());
        ExitCode::SUCCESS
    }
}

/// An audit that fails, or that could not be done. Both print for a person, also as `Debug`, which is what a test prints.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Findings.
    #[error("{}", .0.text())]
    Found(Box<Report>),
    /// No audit.
    #[error(transparent)]
    Error(#[from] crate::Error),
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found(report) => f.write_str(&report.text()),
            Self::Error(error) => {
                write!(f, "{error}")?;
                let mut source = std::error::Error::source(error);
                while let Some(error) = source {
                    write!(f, ": {error}")?;
                    source = error.source();
                }
                Ok(())
            }
        }
    }
}
