//! What a hunt came to, and whether that is right.

use std::fmt;
use std::time::Duration;

use ssot_harness::prelude::*;

use crate::hunts::Hunt;

/// On what a check was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Legacy,
    Reference,
}

/// One check that was run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) hunt: &'static Hunt,
    pub(crate) side: Side,
    pub(crate) verdict: Verdict,
    pub(crate) time: Duration,
}

impl Outcome {
    /// True where the fault was found as what it is, or the reference was cleared.
    pub(crate) fn is_right(&self) -> bool {
        match (&self.verdict, self.side) {
            (Ok(_), side) => side == Side::Reference,
            (Err(failure), side) => side == Side::Legacy && kinds(failure).contains(&self.hunt.legacy.kind()),
        }
    }

    /// In one word, or a few where it is not right.
    pub(crate) fn verdict(&self) -> String {
        match (&self.verdict, self.side) {
            (Ok(_), Side::Reference) => "cleared".to_owned(),
            (Ok(_), Side::Legacy) => "MISSED".to_owned(),
            (Err(failure), _) if failure.violations().is_empty() => format!("REFUSED ({:?})", failure.kind()),
            (Err(_), Side::Reference) => "ACCUSED".to_owned(),
            (Err(_), Side::Legacy) if self.is_right() => "found".to_owned(),
            (Err(_), Side::Legacy) => "OTHER KIND".to_owned(),
        }
    }

    /// The kinds that were reported, the most telling first.
    pub(crate) fn kinds(&self) -> String {
        let kinds = self.verdict.as_ref().err().map(kinds).unwrap_or_default();
        let names: Vec<_> = kinds.into_iter().map(Kind::as_str).collect();
        if names.is_empty() {
            "-".to_owned()
        } else {
            names.join(", ")
        }
    }

    pub(crate) fn executions(&self) -> u64 {
        self.verdict
            .as_ref()
            .map_or_else(Failure::executions, Report::executions)
    }

    /// The smallest schedule that shows the fault.
    pub(crate) fn schedule(&self) -> Option<String> {
        let failure = self.verdict.as_ref().err()?;
        failure.schedule().map(ToString::to_string)
    }

    /// How many preemptions the smallest schedule has.
    pub(crate) fn preemptions(&self) -> Option<u32> {
        self.verdict.as_ref().err().and_then(Failure::preemptions)
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Legacy => "legacy",
            Self::Reference => "reference",
        })
    }
}

fn kinds(failure: &Failure) -> Vec<Kind> {
    let mut kinds = Vec::new();
    for kind in failure.violations().iter().map(Violation::kind) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}
