use std::fmt;

use serde::Serialize;
use ssot_harness::__command::Outcome;

/// What is known of a test on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Nobody needed to run it.
    NotNeeded,
    /// It cannot be compiled, for this reason.
    Uncompiled(String),
    /// Another test has its name there: why this one cannot be taken along.
    Differs(String),
    /// What it came to in each round; `None` where it left no record.
    Ran(Vec<Option<Run>>),
}

/// What a test came to in one round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// A fingerprint of the sources that ran.
    pub(crate) source: u64,
    /// What it came to.
    pub(crate) outcome: Outcome,
}

/// Where something was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Place {
    /// At the base revision.
    Base,
    /// In the work tree.
    Here,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Base => "at the base",
            Self::Here => "here",
        })
    }
}
