use std::path::Path;

use super::entry::{Entry, Green};
use super::{Class, Fingerprint, Outcome, RunLocation, State};

/// The test that is judged.
#[derive(Clone, Copy, Debug)]
pub struct JudgedTest<'a> {
    /// Its path within its crate.
    pub test: &'a str,
    /// The issue that it is a regression test for.
    pub issue: &'a str,
    /// What it declares, in the form of the ledger.
    pub expect: &'a str,
    /// Its file of the ledger, relative to the package.
    pub file: &'a Path,
}

/// What follows from a test's outcome and its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether the test passes; why not, and what to do.
    pub verdict: Result<(), String>,
    /// What goes on record.
    pub change: Option<Change>,
}

/// What goes on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It failed as declared.
    Red(Fingerprint),
    /// It proved both sides in one run.
    ProvenBetween(Fingerprint),
}

impl Judgement {
    fn passes() -> Self {
        Self {
            verdict: Ok(()),
            change: None,
        }
    }

    fn fails(why: String) -> Self {
        Self {
            verdict: Err(why),
            change: None,
        }
    }

    fn records(change: Change) -> Self {
        Self {
            verdict: Ok(()),
            change: Some(change),
        }
    }
}

/// Judges a test by its outcome and its state in the ledger. Nothing is recorded under CI.
#[must_use]
pub fn judge(test: JudgedTest<'_>, state: &State, outcome: &Outcome, location: RunLocation) -> Judgement {
    let Outcome {
        class, fingerprint, ..
    } = outcome;
    match (class, fingerprint) {
        (Class::Declared, Some(fingerprint)) => test.declared(state, fingerprint, outcome, location),
        (Class::ProvenBetween, Some(fingerprint)) => test.proven_between(state, fingerprint, location),
        (Class::Passed, _) => test.passed(state),
        _ => test.failed_otherwise(state, outcome),
    }
}

impl JudgedTest<'_> {
    fn declared(
        self,
        state: &State,
        fingerprint: &Fingerprint,
        outcome: &Outcome,
        location: RunLocation,
    ) -> Judgement {
        match state {
            State::Red(_) => Judgement::passes(),
            State::Green(entry) => Judgement::fails(self.regression(entry, outcome)),
            State::Stale(entry) if entry.green.is_some() => {
                let why = self.regression(entry, outcome);
                let file = self.file.display();
                Judgement::fails(format!(
                    "{why}\n\nthe test was edited since: if it now shows what is not fixed yet, delete {file} and run it \
                     again, which records it as red"
                ))
            }
            State::Unknown | State::Stale(_) => match location {
                RunLocation::Local => Judgement::records(Change::Red(fingerprint.clone())),
                RunLocation::Ci => Judgement::fails(self.not_committed(state)),
            },
        }
    }

    fn proven_between(self, state: &State, fingerprint: &Fingerprint, location: RunLocation) -> Judgement {
        match (state, location) {
            (State::Green(_), _) => Judgement::passes(),
            (_, RunLocation::Local) => Judgement::records(Change::ProvenBetween(fingerprint.clone())),
            (_, RunLocation::Ci) => Judgement::fails(self.not_committed(state)),
        }
    }

    fn passed(self, state: &State) -> Judgement {
        let Self {
            test, issue, expect, ..
        } = self;
        let prove = format!(
            "show that it fails without the fix:\n  cargo ssot prove --base <revision before the fix> {test}"
        );
        match state {
            State::Green(_) => Judgement::passes(),
            State::Red(_) => Judgement::fails(format!(
                "{test} passes for the first time since it was red for {issue} ({expect})\n\
                 if {issue} is fixed, say so:\n  cargo ssot accept {test}"
            )),
            State::Unknown => Judgement::fails(format!(
                "{test} has never been seen red: nothing shows that it can fail with {expect}, as it declares for {issue}\n{prove}"
            )),
            State::Stale(entry) => Judgement::fails(format!(
                "{test} was edited after it was {}: nothing shows that it can still fail with {expect}, as it declares for {issue}\n{prove}",
                if entry.green.is_some() {
                    "proven"
                } else {
                    "seen red"
                }
            )),
        }
    }

    fn failed_otherwise(self, state: &State, outcome: &Outcome) -> Judgement {
        let Self {
            test, issue, expect, ..
        } = self;
        let why = match state {
            State::Green(_) => {
                format!("{test} fails, but not with {expect}, for which it was red before {issue} was fixed")
            }
            State::Stale(entry) if entry.green.is_some() => {
                format!(
                    "{test} fails, but not with {expect}, for which it was red before {issue} was fixed; it was edited since"
                )
            }
            State::Red(_) => format!("{test} is red for {issue} ({expect}), and now fails in another way"),
            State::Unknown | State::Stale(_) => {
                format!(
                    "{test} fails, but not with {expect}, as it declares for {issue}: that is no evidence"
                )
            }
        };
        Judgement::fails(format!("{why}\n{}:\n\n{}", outcome.class, outcome.message))
    }

    fn regression(self, entry: &Entry, outcome: &Outcome) -> String {
        let since = match &entry.green {
            Some(Green {
                revision: Some(revision),
                ..
            }) => format!(", which passed at {revision}"),
            _ => String::new(),
        };
        format!(
            "the fault of {} is back: {} fails with {} again{since}\n\n{}",
            self.issue, self.test, self.expect, outcome.message
        )
    }

    fn not_committed(self, state: &State) -> String {
        let Self { test, file, .. } = self;
        let what = match state {
            State::Unknown => "is not in the ledger",
            _ => "was edited after it was recorded in the ledger",
        };
        let file = file.display();
        format!(
            "{test} {what}, which is not written here: CI is set\nrun it where it is not, and commit {file}"
        )
    }
}
