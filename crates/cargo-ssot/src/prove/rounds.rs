use std::collections::HashMap;

use ssot_harness::__command::Record;

use super::side::{Run, Side};
use crate::error::Error;
use crate::interrupt;
use crate::options::{BuildOptions, Runner};
use crate::program::{Identity, TestRef};
use crate::progress::Progress;
use crate::project::Project;
use crate::run::run;

/// What tests came to on one side, again and again.
#[derive(Debug, Default)]
pub(crate) struct Rounds(Vec<HashMap<Identity, Run>>);

impl Rounds {
    /// Runs the tests as often as that.
    ///
    /// # Errors
    ///
    /// Where the runner fails, or a signal comes.
    pub(crate) fn run(
        project: &Project,
        tests: &[TestRef<'_>],
        runner: Runner,
        options: &BuildOptions,
        repeat: u32,
        progress: &Progress,
    ) -> Result<Self, Error> {
        let mut rounds = Vec::new();
        for _ in 0..repeat {
            let records = run(project, tests, runner, options, progress);
            interrupt::check()?;
            rounds.push(records?.into_iter().map(of_record).collect());
        }
        Ok(Self(rounds))
    }

    /// As many rounds in which no test was heard of.
    pub(crate) fn silent(repeat: u32) -> Self {
        Self((0..repeat).map(|_| HashMap::new()).collect())
    }

    /// What a test came to in each.
    pub(crate) fn of_test(&self, test: &Identity) -> Side {
        Side::Ran(self.0.iter().map(|round| round.get(test).cloned()).collect())
    }
}

fn of_record(record: Record) -> (Identity, Run) {
    let identity = Identity::of_record(&record);
    let Record {
        source,
        covers,
        outcome,
        ..
    } = record;
    let source = covers.unwrap_or(source);
    (identity, Run { source, outcome })
}
