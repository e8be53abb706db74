use std::fmt::Write as _;

use anstyle::Style;
use console::measure_text_width;
use serde::Serialize;
use ssot_harness::__command::{Class, Entry, State};

use crate::advice::advice;
use crate::age::{Ages, in_words, revision};
use crate::git::Git;
use crate::judge::Verdict;
use crate::junit;
use crate::outcomes::{Outcomes, Ran};
use crate::place::from_here;
use crate::project::Project;
use crate::session::Session;
use crate::style::{ASIDE, BAD, EXPECTED, GOOD, STRONG, padded, styled};
use crate::survey::{Known, Survey, Test};

/// How many lines of what a test said are shown to a person.
const LINES: usize = 12;

/// The word for a file of the ledger whose test is not there.
const WITHOUT_TEST: &str = "without-test";

/// How fail-first tests stand, for a person or as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Listing {
    version: u32,
    ok: bool,
    tests: Vec<Row>,
    orphans: Vec<OrphanRow>,
}

#[derive(Debug, Serialize)]
struct Row {
    package: String,
    #[serde(rename = "crate")]
    krate: String,
    test: String,
    file: String,
    line: u32,
    source: String,
    issue: String,
    expect: String,
    state: &'static str,
    /// What was edited since it was recorded: files, from the package's folder on, or what it declares.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edited: Vec<String>,
    verdict: &'static str,
    ok: bool,
    ledger: String,
    revision: Option<String>,
    age_seconds: Option<u64>,
    outcome: Option<OutcomeRow>,
    advice: Option<String>,
    /// Its file, as somebody reads it where the command was started.
    #[serde(skip)]
    shown: String,
    #[serde(skip)]
    is: Verdict,
    #[serde(skip)]
    age: String,
}

#[derive(Debug, Serialize)]
struct OutcomeRow {
    class: Class,
    message: String,
}

#[derive(Debug, Serialize)]
struct OrphanRow {
    package: String,
    ledger: String,
    advice: String,
}

impl Listing {
    /// How the surveyed tests stand; `outcomes` is `None` where nothing was run.
    pub(crate) fn of(session: &Session, survey: &Survey<'_>, outcomes: Option<&Outcomes>) -> Self {
        // Nothing but ages stands on git.
        let git = Git::at(&session.project.root).map_err(|error| {
            let note = format!("how old states are is not known: {error}");
            session.progress.note(&note);
        });
        let mut ages = Ages::of(git.ok());
        let tests: Vec<Row> = survey
            .tests
            .iter()
            .map(|test| {
                let ran = outcomes.map_or(Ran::NotAsked, |outcomes| outcomes.of_test(test.at));
                Row::of(&session.project, test, ran, &mut ages)
            })
            .collect();
        let orphans: Vec<OrphanRow> = survey
            .orphans
            .iter()
            .map(|orphan| OrphanRow {
                package: orphan.package.name.clone(),
                ledger: orphan.file.display().to_string(),
                advice: "no such test was built: where it is gone or has another name, delete the file; where it needs \
                         features, name them with --features"
                    .to_owned(),
            })
            .collect();
        Self {
            version: 1,
            ok: tests.iter().all(|row| row.ok) && orphans.is_empty(),
            tests,
            orphans,
        }
    }

    /// Whether everything is as the ledger has it, and in the ledger.
    pub(crate) fn is_fine(&self) -> bool {
        self.ok
    }

    /// A table of all tests, what is the matter with those that are not fine, and a count.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut package = "";
        let widths = self.widths();
        for row in &self.tests {
            if row.package != package {
                package = &row.package;
                line(&mut text, &styled(STRONG, package));
            }
            line(&mut text, &row.text(&widths));
        }
        if !self.tests.is_empty() && !self.ok {
            text.push('\n');
        }
        text + &self.findings() + "\n" + &self.count()
    }

    /// What is the matter with the tests that are not fine; empty where all are.
    pub(crate) fn findings(&self) -> String {
        let mut text = String::new();
        for row in self.tests.iter().filter(|row| !row.ok) {
            gap(&mut text);
            let place = styled(ASIDE, &format!("({}:{})", row.shown, row.line));
            line(
                &mut text,
                &format!("{} {}::{} {place}", styled(BAD, row.verdict), row.krate, row.test),
            );
            indented(&mut text, row.advice.as_deref().unwrap_or_default(), usize::MAX);
            if let Some(outcome) = &row.outcome
                && matches!(row.is, Verdict::Regressed | Verdict::FailsOtherwise)
            {
                indented(&mut text, &outcome.message, LINES);
            }
        }
        for orphan in &self.orphans {
            gap(&mut text);
            line(
                &mut text,
                &format!(
                    "{} {}: {}",
                    styled(BAD, WITHOUT_TEST),
                    orphan.package,
                    orphan.ledger
                ),
            );
            indented(&mut text, &orphan.advice, usize::MAX);
        }
        text
    }

    /// How many tests stand how, in a line.
    pub(crate) fn count(&self) -> String {
        let total = self.tests.len();
        let mut parts = Vec::new();
        for verdict in Verdict::ALL {
            let count = self.tests.iter().filter(|row| row.is == verdict).count();
            if count > 0 {
                parts.push(styled(style(verdict), &format!("{count} {}", verdict.as_str())));
            }
        }
        if !self.orphans.is_empty() {
            parts.push(styled(BAD, &format!("{} {WITHOUT_TEST}", self.orphans.len())));
        }
        let tests = if total == 1 { "test" } else { "tests" };
        format!("{total} fail-first {tests}: {}\n", parts.join(", "))
    }

    /// The tests for a JUnit file: red ones that fail as declared are expected failures, and files without a test are
    /// failures of a suite of their own.
    pub(crate) fn junit(&self) -> Vec<junit::Case> {
        let tests = self.tests.iter().map(|row| junit::Case {
            package: row.package.clone(),
            krate: row.krate.clone(),
            test: row.test.clone(),
            status: row.junit(),
        });
        let orphans = self.orphans.iter().map(|orphan| junit::Case {
            package: orphan.package.clone(),
            krate: WITHOUT_TEST.to_owned(),
            test: orphan.ledger.clone(),
            status: junit::Status::Failed {
                kind: WITHOUT_TEST.to_owned(),
                message: orphan.advice.clone(),
                text: String::new(),
            },
        });
        tests.chain(orphans).collect()
    }

    fn widths(&self) -> [usize; 4] {
        let width = |of: fn(&Row) -> usize| self.tests.iter().map(of).max().unwrap_or(0);
        [
            width(|row| measure_text_width(row.verdict)),
            width(|row| measure_text_width(&row.krate) + 2 + measure_text_width(&row.test)),
            width(|row| measure_text_width(&row.issue)),
            width(|row| measure_text_width(&row.expect)),
        ]
    }
}

impl Row {
    fn of(project: &Project, test: &Test<'_>, ran: Ran<'_>, ages: &mut Ages) -> Self {
        let declared = test.at.declared;
        let package = &test.at.program.package;
        let ledger = test.at.ledger_file();
        let entry = test.entry();
        let age = entry.and_then(|entry| ages.of_entry(entry, &package.folder.join(&ledger)));
        let is = Verdict::of(test, ran);
        Self {
            package: package.name.clone(),
            krate: test.at.program.krate.clone(),
            test: declared.test.clone(),
            file: declared.file.clone(),
            shown: from_here(&project.root.join(&declared.file))
                .display()
                .to_string(),
            line: declared.line,
            source: format!("{:016x}", declared.source),
            issue: declared.issue.clone(),
            expect: declared.expect.clone(),
            state: match &test.known {
                Known::State(state) => state.as_str(),
                Known::Unreadable(_) => "unreadable",
            },
            edited: test.edited(),
            verdict: is.as_str(),
            ok: is.is_fine(),
            ledger: ledger.display().to_string(),
            revision: entry.and_then(revision).map(str::to_owned),
            age_seconds: age.map(|age| age.as_secs()),
            outcome: ran.outcome().map(|outcome| OutcomeRow {
                class: outcome.class,
                message: outcome.message.clone(),
            }),
            advice: advice(is, test, ran),
            is,
            age: match (entry, age) {
                (None, _) => "-".to_owned(),
                (Some(_), None) => "unknown age".to_owned(),
                (Some(_), Some(age)) => in_words(age),
            },
        }
    }

    fn text(&self, [verdict, path, issue, expect]: &[usize; 4]) -> String {
        // Padded before it is coloured, for colours have a width to `format!`.
        let word = styled(style(self.is), &padded(self.verdict, *verdict));
        let name = format!("{}::{}", self.krate, self.test);
        format!(
            "  {word}  {}  {}  {}  {}",
            padded(&name, *path),
            padded(&self.issue, *issue),
            padded(&self.expect, *expect),
            self.age
        )
    }

    fn junit(&self) -> junit::Status {
        let message = || format!("{} for {}: {}", self.verdict, self.issue, self.expect);
        match self.is {
            Verdict::Green => junit::Status::Passed,
            Verdict::Red => junit::Status::Expected { message: message() },
            _ => junit::Status::Failed {
                kind: self.verdict.to_owned(),
                message: message(),
                text: [
                    self.advice.as_deref(),
                    self.outcome.as_ref().map(|outcome| &*outcome.message),
                ]
                .into_iter()
                .flatten()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("\n\n"),
            },
        }
    }
}

impl Test<'_> {
    /// What was edited since it was recorded; empty where nothing was.
    pub(crate) fn edited(&self) -> Vec<String> {
        let entry = self.entry();
        entry.map_or_else(Vec::new, |entry| entry.edited_since(self.at.declared))
    }

    /// What is on record of it, where it can be read.
    pub(crate) fn entry(&self) -> Option<&Entry> {
        match &self.known {
            Known::State(State::Red(entry) | State::Green(entry) | State::Stale(entry)) => Some(entry),
            Known::State(State::Unknown) | Known::Unreadable(_) => None,
        }
    }
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Green => GOOD,
        Verdict::Red => EXPECTED,
        _ => BAD,
    }
}

fn line(text: &mut String, line: &str) {
    writeln!(text, "{}", line.trim_end()).expect("text can always be written to text");
}

/// A line between one and the next.
fn gap(text: &mut String) {
    if !text.is_empty() {
        text.push('\n');
    }
}

fn indented(text: &mut String, what: &str, most: usize) {
    let lines: Vec<&str> = what.lines().collect();
    for shown in lines.iter().take(most) {
        line(text, &format!("  {shown}"));
    }
    if lines.len() > most {
        line(text, &format!("  … and {} more lines", lines.len() - most));
    }
}
