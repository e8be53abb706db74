use ssot_harness::__command::{Class, State};

use crate::outcomes::Ran;
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
}
