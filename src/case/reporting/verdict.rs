//! The verdict on a test.

use std::path::Path;

use super::report::CaseReport;
use super::{classify, model};
use crate::case::returned::Failed;
use crate::case::state::{CaseState, RunSettings};
use crate::case::stderr;
use crate::fail_first::{
    Change, Class, Covers, Declared, Entry, FailFirst, Green, JudgedTest, Ledger, Mode, OnRecord, Outcome,
    Record, Red, RunLocation, Seen, State, Target, head, judge,
};
use crate::report::{self, Problem, TestFinding, TestPhase, printed};

/// Whether the test passes; what a passing test has to say is printed where that was asked for.
pub(in crate::case) fn verdict(core: &CaseState, settings: &RunSettings) -> Result<(), Failed> {
    let mut findings = core.findings.take();
    findings.extend(
        core.activity
            .panics
            .uncaught()
            .into_iter()
            .map(|uncaught| TestFinding {
                phase: TestPhase::Ending,
                problem: Problem::Uncaught(uncaught),
                line: None,
            }),
    );
    let failed = (!findings.is_empty()).then(|| model::failure(core, findings));
    let said = failed
        .as_ref()
        .map(|failed| printed(report::Outcome::TestFailed(failed)));
    let passed = match &core.meta.fail_first {
        None => said.map_or(Ok(()), Err),
        Some(declared) => {
            let findings = failed.as_ref().map_or(&[][..], |failed| &failed.findings);
            let outcome = classify::outcome(core, declared, findings, said.as_deref().unwrap_or_default());
            FailFirstTest { core, declared }.judge(outcome, &settings.mode)
        }
    };
    if passed.is_ok() && settings.report {
        stderr::print(&format!("{}\n", CaseReport::of(core)));
    }
    passed.map_err(Failed)
}

struct FailFirstTest<'a> {
    core: &'a CaseState,
    declared: &'a FailFirst,
}

impl FailFirstTest<'_> {
    fn judge(&self, outcome: Outcome, mode: &Mode) -> Result<(), String> {
        if let Mode::Record(folder) = mode {
            return self.record(outcome, folder);
        }
        let test = &self.core.test;
        let ledger = Ledger::of_this_process();
        let now = self.now();
        let OnRecord { file, entry } = ledger
            .find(now.target, &now.krate, &now.test)
            .map_err(|error| error.to_string())?;
        let mut state = State::of_declared(entry, &now);
        if *mode == Mode::Show && outcome.class == Class::Declared {
            return Err(outcome.message);
        }
        let expect = self.declared.to_string();
        let shown = ledger.shown(&file);
        let judged = JudgedTest {
            test: test.path(),
            issue: self.declared.issue,
            expect: &expect,
            file: &shown,
        };
        let mut judgement = judge(judged, &state, &outcome, RunLocation::of_this_process());
        let mut written = None;
        if judgement.change.is_some() {
            let revision = head(ledger.root());
            // Another process may have recorded the test since: what it recorded is judged, not overwritten.
            let update = |entry| {
                state = State::of_declared(entry, &now);
                judgement = judge(judged, &state, &outcome, RunLocation::of_this_process());
                Some(self.entry(judgement.change.take()?, revision))
            };
            written = ledger.update(&file, update).map_err(|error| error.to_string())?;
        }
        if let Some(entry) = written {
            stderr::print(&format!(
                "ssot: {} is {} for {} ({expect}): commit {}\n",
                test.path(),
                if entry.green.is_some() { "proven" } else { "red" },
                self.declared.issue,
                shown.display()
            ));
        }
        judgement.verdict.map_err(|why| match &state {
            State::Stale(entry) => format!("{why}\n\nedited since: {}", entry.edited_since(&now).join(", ")),
            State::Red(entry) if outcome.class == Class::Passed && !entry.edited_since(&now).is_empty() => {
                format!(
                    "{why}\n\nwhat it stands on was edited since: {}; accept it only where that is the fix",
                    entry.edited_since(&now).join(", ")
                )
            }
            State::Unknown | State::Red(_) | State::Green(_) => why,
        })
    }

    /// The test as it is now: what its program's marker says, too.
    fn now(&self) -> Declared {
        let meta = self.core.meta;
        Declared {
            krate: self.core.test.krate().to_owned(),
            test: self.core.test.path().to_owned(),
            file: meta.file.to_owned(),
            line: meta.line,
            source: meta.source,
            issue: self.declared.issue.to_owned(),
            expect: self.declared.to_string(),
            target: Target::parse(meta.target),
            support: Vec::new(),
            covers: meta.covers.map(|covers| Covers {
                own: covers.own,
                digest: covers.digest,
                files: covers
                    .files
                    .iter()
                    .map(|(file, hash)| ((*file).to_owned(), *hash))
                    .collect(),
            }),
        }
    }

    fn entry(&self, change: Change, revision: Option<String>) -> Entry {
        let (fingerprint, seen) = match change {
            Change::Red(fingerprint) => (fingerprint, Seen::Run),
            Change::ProvenBetween(fingerprint) => (fingerprint, Seen::ProveBetween),
        };
        let red = Red {
            fingerprint,
            revision: revision.clone(),
            seen,
        };
        let now = self.now();
        let entry = Entry::red(self.declared, self.core.meta.source, red).standing_on(now.target, now.covers);
        match seen {
            Seen::ProveBetween => entry.turned_green(Green { revision, seen }),
            Seen::Run | Seen::Prove => entry,
        }
    }

    /// Tells `cargo ssot`, which judges.
    fn record(&self, outcome: Outcome, folder: &Path) -> Result<(), String> {
        let record = Record {
            package: Ledger::of_this_process().root().to_string_lossy().into_owned(),
            krate: self.core.test.krate().to_owned(),
            test: self.core.test.path().to_owned(),
            target: Target::parse(self.core.meta.target),
            source: self.core.meta.source,
            covers: self.core.meta.covers.map(|covers| covers.digest),
            outcome,
        };
        record.write(folder).map_err(|error| {
            format!(
                "the outcome could not be written to {}: {error}",
                folder.display()
            )
        })
    }
}
