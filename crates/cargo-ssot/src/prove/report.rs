use anstyle::Style;
use console::measure_text_width;
use serde::Serialize;
use ssot_harness::__command::Fingerprint;

use super::base::Base;
use super::proof::{Proof, Subject};
use super::recording::Recorded;
use super::side::Place;
use super::verdict::Verdict;
use crate::error::Error;
use crate::junit;
use crate::place::from_here;
use crate::project::Project;
use crate::style::{ASIDE, BAD, EXPECTED, GOOD, STRONG, padded, styled};

/// How many lines of what a test, or the compiler, said are shown to a person.
const LINES: usize = 12;

/// What came of a proof, for a person or as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    version: u32,
    ok: bool,
    base: BaseRow,
    /// Whether the work tree held what is not committed.
    dirty: bool,
    tests: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct BaseRow {
    revision: String,
    origin: String,
    #[serde(skip)]
    in_words: String,
}

#[derive(Debug, Serialize)]
struct Row {
    package: String,
    #[serde(rename = "crate")]
    krate: String,
    /// `None` for a target that does not compile here, in which nobody can tell the tests.
    test: Option<String>,
    file: Option<String>,
    line: Option<u32>,
    issue: Option<String>,
    expect: Option<String>,
    verdict: &'static str,
    ok: bool,
    /// On which side it was decided, where it was one.
    place: Option<Place>,
    what: String,
    /// What the test, or the compiler, said.
    said: String,
    fingerprint: Option<Fingerprint>,
    /// From the workspace's folder on.
    ledger: Option<String>,
    /// `None` where that failed.
    recorded: Option<Recorded>,
    advice: Option<&'static str>,
    /// The same files, as somebody reads them where the command was started.
    #[serde(skip)]
    shown: Option<String>,
    #[serde(skip)]
    ledger_shown: Option<String>,
    #[serde(skip)]
    is: Verdict,
}

impl Report {
    /// What came of these proofs, each with what went on record.
    pub(crate) fn of(
        project: &Project,
        base: &Base,
        dirty: bool,
        proofs: &[Proof<'_>],
        recorded: &[Result<Recorded, Error>],
    ) -> Self {
        let tests = proofs.iter().zip(recorded);
        Self {
            version: 1,
            ok: proofs.iter().all(|proof| proof.verdict.is_proof()),
            base: BaseRow {
                revision: base.revision.clone(),
                origin: base.origin.clone(),
                in_words: base.in_words(),
            },
            dirty,
            tests: tests
                .map(|(proof, recorded)| Row::of(project, proof, recorded.as_ref().ok().copied()))
                .collect(),
        }
    }

    /// Whether every test is proven.
    pub(crate) fn is_proof(&self) -> bool {
        self.ok
    }

    /// A line for each test, what is the matter with those that are not proven, and a count.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut package = "";
        let width = |of: fn(&Row) -> usize| self.tests.iter().map(of).max().unwrap_or(0);
        let widths = [
            width(|row| measure_text_width(row.verdict)),
            width(|row| measure_text_width(&row.path())),
        ];
        for row in &self.tests {
            if row.package != package {
                package = &row.package;
                line(&mut text, &styled(STRONG, package));
            }
            line(&mut text, &row.text(widths));
        }
        for row in self.tests.iter().filter(|row| !row.ok) {
            text.push('\n');
            row.finding(&mut text);
        }
        text.push('\n');
        self.ledger(&mut text);
        line(&mut text, &self.count());
        text
    }

    /// What is to be committed.
    fn ledger(&self, text: &mut String) {
        let count = |recorded| {
            self.tests
                .iter()
                .filter(|row| row.recorded == Some(recorded))
                .count()
        };
        if count(Recorded::Written) > 0 {
            line(text, "recorded as proven: commit");
            for row in self
                .tests
                .iter()
                .filter(|row| row.recorded == Some(Recorded::Written))
            {
                line(
                    text,
                    &format!("  {}", row.ledger_shown.as_deref().unwrap_or_default()),
                );
            }
        }
        if count(Recorded::NotUnderCi) > 0 {
            line(
                text,
                "nothing is recorded, for CI is set: prove it where it is not, and commit the ledger",
            );
        }
    }

    fn count(&self) -> String {
        let total = self.tests.len();
        let mut counts: Vec<(&Row, usize)> = Vec::new();
        for row in &self.tests {
            match counts
                .iter_mut()
                .find(|(counted, _)| counted.verdict == row.verdict)
            {
                Some((_, count)) => *count += 1,
                None => counts.push((row, 1)),
            }
        }
        let parts: Vec<String> = counts
            .iter()
            .map(|(row, count)| styled(row.style(), &format!("{count} {}", row.verdict)))
            .collect();
        let tests = if total == 1 { "test" } else { "tests" };
        format!(
            "{total} fail-first {tests} against {}: {}",
            self.base.in_words,
            parts.join(", ")
        )
    }

    /// The tests for a JUnit file.
    pub(crate) fn junit(&self) -> Vec<junit::Case> {
        let status = |row: &Row| {
            if row.ok {
                return junit::Status::Passed;
            }
            junit::Status::Failed {
                kind: row.verdict.to_owned(),
                message: row.what.clone(),
                text: [row.advice.unwrap_or_default(), &*row.said].join("\n\n"),
            }
        };
        self.tests
            .iter()
            .map(|row| junit::Case {
                package: row.package.clone(),
                krate: row.krate.clone(),
                test: row.test.clone().unwrap_or_else(|| "*".to_owned()),
                status: status(row),
            })
            .collect()
    }
}

impl Row {
    fn of(project: &Project, proof: &Proof<'_>, recorded: Option<Recorded>) -> Self {
        let verdict = &proof.verdict;
        let declared = match proof.of {
            Subject::Test(test) => Some(test.declared),
            Subject::Target(_) => None,
        };
        let (package, krate, ledger) = match proof.of {
            Subject::Test(test) => {
                let program = test.program;
                let ledger = program.package.folder.join(test.ledger_file());
                let ledger = ledger.strip_prefix(&project.root).unwrap_or(&ledger);
                let ledger = ledger.display().to_string();
                (program.package.name.clone(), program.krate.clone(), Some(ledger))
            }
            Subject::Target(target) => (target.package.clone(), target.target.replace('-', "_"), None),
        };
        Self {
            package,
            krate,
            test: declared.map(|declared| declared.test.clone()),
            file: declared.map(|declared| declared.file.clone()),
            shown: declared.map(|declared| {
                let file = from_here(&project.root.join(&declared.file));
                file.display().to_string()
            }),
            ledger_shown: match proof.of {
                Subject::Test(test) => Some(test.ledger_shown().display().to_string()),
                Subject::Target(_) => None,
            },
            line: declared.map(|declared| declared.line),
            issue: declared.map(|declared| declared.issue.clone()),
            expect: declared.map(|declared| declared.expect.clone()),
            verdict: verdict.word(),
            ok: verdict.is_proof(),
            place: verdict.place(),
            what: verdict.to_string(),
            said: verdict.said().trim_end().to_owned(),
            fingerprint: match verdict {
                Verdict::Proven(fingerprint) | Verdict::ProvenBetween(fingerprint) => {
                    Some(fingerprint.clone())
                }
                _ => None,
            },
            ledger,
            recorded,
            advice: verdict.advice(),
            is: verdict.clone(),
        }
    }

    fn path(&self) -> String {
        match &self.test {
            Some(test) => format!("{}::{test}", self.krate),
            None => format!("{} (every test of it)", self.krate),
        }
    }

    fn text(&self, [verdict, path]: [usize; 2]) -> String {
        // Padded before it is coloured, for colours have a width to `format!`.
        let word = styled(self.style(), &padded(self.verdict, verdict));
        format!(
            "  {word}  {}  {}",
            padded(&self.path(), path),
            self.issue.as_deref().unwrap_or_default()
        )
    }

    fn finding(&self, text: &mut String) {
        let place = match (&self.shown, self.line) {
            (Some(file), Some(number)) => styled(ASIDE, &format!(" ({file}:{number})")),
            _ => String::new(),
        };
        line(
            text,
            &format!("{} {}{place}", styled(self.style(), self.verdict), self.path()),
        );
        line(text, &format!("  {}", self.what));
        if let Some(expect) = self
            .expect
            .as_ref()
            .filter(|_| matches!(self.is, Verdict::AnotherReason { .. }))
        {
            line(text, &format!("  it declares {expect}"));
        }
        line(text, &format!("  {}", self.advice.unwrap_or_default()));
        let said: Vec<&str> = self.said.lines().collect();
        for said in said.iter().take(LINES) {
            line(text, &format!("  | {said}"));
        }
        if said.len() > LINES {
            line(
                text,
                &format!(
                    "  | … and {} more lines: see them with --json",
                    said.len() - LINES
                ),
            );
        }
    }

    fn style(&self) -> Style {
        match self.is {
            Verdict::Proven(_) | Verdict::ProvenBetween(_) => GOOD,
            Verdict::StillRed => EXPECTED,
            _ => BAD,
        }
    }
}

fn line(text: &mut String, line: &str) {
    text.push_str(line.trim_end());
    text.push('\n');
}
