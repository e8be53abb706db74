use std::collections::HashMap;

use ssot_harness::fail_first::{Class, Outcome, Record, State};

use crate::program::{Identity, TestRef};
use crate::survey::{Known, Test};

/// How a fail-first test stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Verdict {
    /// It was red, and passes.
    Green,
    /// It fails as declared, for its fault is still there.
    Red,
    /// It was never seen red.
    Unproven,
    /// It was edited after it was recorded.
    Stale,
    /// Its file of the ledger cannot be read.
    Unreadable,
    /// Its fault is back.
    Regressed,
    /// It is red, and passes.
    ToAccept,
    /// It fails, but not as declared.
    FailsOtherwise,
    /// It was to be run, and was not.
    NeverRan,
}

/// What a run showed of a test.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ran<'a> {
    /// Nothing was run.
    NotAsked,
    /// It left no record.
    Never,
    Came(&'a Outcome),
}

/// What tests came to in a round of runs.
#[derive(Debug, Default)]
pub(crate) struct Outcomes(HashMap<Identity, Outcome>);

impl Outcomes {
    /// Where a test left more than one record, one that tells of a failure counts.
    pub(crate) fn of(records: Vec<Record>) -> Self {
        let mut outcomes: HashMap<Identity, Outcome> = HashMap::new();
        for record in records {
            let identity = Identity::of_record(&record);
            match outcomes.get(&identity) {
                Some(known) if known.class != Class::Passed => {}
                _ => {
                    outcomes.insert(identity, record.outcome);
                }
            }
        }
        Self(outcomes)
    }

    pub(crate) fn of_test(&self, test: TestRef<'_>) -> Ran<'_> {
        self.0.get(&test.identity()).map_or(Ran::Never, Ran::Came)
    }
}

impl<'a> Ran<'a> {
    pub(crate) fn outcome(self) -> Option<&'a Outcome> {
        match self {
            Self::Came(outcome) => Some(outcome),
            Self::NotAsked | Self::Never => None,
        }
    }
}

impl Verdict {
    /// In the order in which they are counted up.
    pub(crate) const ALL: [Self; 9] = [
        Self::Green,
        Self::Red,
        Self::Unproven,
        Self::Stale,
        Self::Unreadable,
        Self::Regressed,
        Self::ToAccept,
        Self::FailsOtherwise,
        Self::NeverRan,
    ];

    pub(crate) fn of(test: &Test<'_>, ran: Ran<'_>) -> Self {
        let state = match &test.known {
            Known::Unreadable(_) => return Self::Unreadable,
            Known::State(State::Unknown) => return Self::Unproven,
            Known::State(State::Stale(_)) => return Self::Stale,
            Known::State(state) => state,
        };
        let is_green = matches!(state, State::Green(_));
        match ran {
            Ran::Never => Self::NeverRan,
            Ran::NotAsked if is_green => Self::Green,
            Ran::NotAsked => Self::Red,
            Ran::Came(outcome) => match outcome.class {
                Class::Passed | Class::ProvenBetween if is_green => Self::Green,
                Class::Passed | Class::ProvenBetween => Self::ToAccept,
                Class::Declared if is_green => Self::Regressed,
                Class::Declared => Self::Red,
                _ => Self::FailsOtherwise,
            },
        }
    }

    /// Whether all is well.
    pub(crate) fn is_fine(self) -> bool {
        matches!(self, Self::Green | Self::Red)
    }

    /// In a word, for people and for `--json`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Red => "red",
            Self::Unproven => "unproven",
            Self::Stale => "stale",
            Self::Unreadable => "unreadable",
            Self::Regressed => "regressed",
            Self::ToAccept => "to-accept",
            Self::FailsOtherwise => "fails-otherwise",
            Self::NeverRan => "never-ran",
        }
    }

    /// What is the matter, and what to do about it, in lines; `None` where all is well.
    pub(crate) fn advice(self, test: &Test<'_>, ran: Ran<'_>) -> Option<String> {
        let path = &test.at.declared.test;
        let expect = &test.at.declared.expect;
        let issue = &test.at.declared.issue;
        let prove = format!("cargo ssot prove --base <revision before the fix> {path}");
        let file = test.at.ledger_file();
        let file = file.display();
        let was_green = test.entry().is_some_and(|entry| entry.green.is_some());
        let class = ran.outcome().map(|outcome| outcome.class);
        let text = match self {
            Self::Green | Self::Red => return None,
            Self::Unproven => match class {
                Some(Class::Declared | Class::ProvenBetween) => format!(
                    "it is not on record, and would be red: run it where CI is not set, and commit {file}\n  cargo test {path}"
                ),
                Some(Class::Passed) => {
                    format!("it passes, and was never seen red with {expect}: prove it\n  {prove}")
                }
                Some(class) => format!("it was never seen red with {expect}, and now {class}: see why"),
                None => format!(
                    "it was never seen red with {expect}: where the fault is still there, run it; where it is fixed, prove it\n  \
                     cargo test {path}\n  {prove}"
                ),
            },
            Self::Stale => match class {
                Some(Class::Declared) if was_green => format!(
                    "it was edited since, and fails as declared: where that is what it should show, delete {file} and run it again\n  \
                     cargo test {path}"
                ),
                Some(Class::Declared) => format!(
                    "it was edited since, and fails as declared: run it where CI is not set, and commit {file}\n  cargo test {path}"
                ),
                _ => format!(
                    "it was edited since: nothing shows that it can still fail with {expect}\n  {prove}"
                ),
            },
            Self::Unreadable => match &test.known {
                Known::Unreadable(error) => error.to_string(),
                Known::State(_) => return None,
            },
            Self::Regressed => format!("the fault of {issue} is back: it fails with {expect} again"),
            Self::ToAccept => {
                format!(
                    "it passes for the first time since it was red: where {issue} is fixed, accept it\n  cargo ssot accept {path}"
                )
            }
            Self::FailsOtherwise => format!(
                "it fails, but not with {expect}: {}",
                class.map_or("", Class::as_str)
            ),
            Self::NeverRan => {
                "it was not run: it is ignored, or its process died before it was over".to_owned()
            }
        };
        Some(text)
    }
}
