use std::collections::HashMap;

use ssot_harness::__command::{Class, Outcome, Record};

use crate::program::{Identity, TestRef};

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
