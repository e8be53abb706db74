use std::fmt;
use std::path::PathBuf;

/// What an execution is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    KeptFailures,
    SoloRuns,
    /// A secret that a user saw alone is looked for with everybody there.
    WhatOutlives,
    ColdStarts,
    /// Each user is dropped after each of its polls.
    DroppedCalls,
    Enumeration,
    Portfolio,
    /// The strategy that the test gives in place of the portfolio.
    OwnStrategy,
    RacingPairs,
    Shrinking,
    /// A schedule is run again.
    Replay,
}

impl fmt::Display for Phase {
    /// An execution of this phase.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeptFailures => "a kept failure",
            Self::SoloRuns | Self::WhatOutlives => "a solo run",
            Self::ColdStarts => "a cold start",
            Self::DroppedCalls => "dropped calls",
            Self::Enumeration => "enumeration",
            Self::Portfolio => "the portfolio",
            Self::OwnStrategy => "the strategy of the test",
            Self::RacingPairs => "racing pairs",
            Self::Shrinking => "shrinking",
            Self::Replay => "replay",
        })
    }
}

/// What found a violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FoundBy {
    Phase(Phase),
    /// A strategy, by the name that it gives itself, with what it mixes in.
    Strategy(String),
    KeptFailure {
        file: PathBuf,
        line: usize,
    },
}

impl fmt::Display for FoundBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phase(phase) => phase.fmt(f),
            Self::Strategy(name) => f.write_str(name),
            Self::KeptFailure { file, line } => write!(f, "line {line} of {}", file.display()),
        }
    }
}

/// A portion of a search, of which it is told how many executions it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Portion {
    Phase(Phase),
    /// A strategy of the portfolio or of the test, by the name that it gives itself, without what it mixes in.
    Strategy(String),
}

impl fmt::Display for Portion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phase(Phase::KeptFailures) => f.write_str("kept failures"),
            Self::Phase(Phase::SoloRuns) => f.write_str("solo runs"),
            Self::Phase(Phase::WhatOutlives) => f.write_str("what outlives an execution"),
            Self::Phase(Phase::ColdStarts) => f.write_str("cold starts"),
            Self::Phase(phase) => phase.fmt(f),
            Self::Strategy(name) => f.write_str(name),
        }
    }
}
