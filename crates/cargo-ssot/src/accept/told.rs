use std::fmt::Write as _;

use serde::Serialize;

use crate::advice::advice;
use crate::exit::Exit;
use crate::judge::Verdict;
use crate::outcomes::Ran;
use crate::style::{ASIDE, BAD, GOOD, styled};
use crate::survey::Test;

/// What was accepted, what was not, and why.
#[derive(Debug, Default, Serialize)]
pub(super) struct Told {
    version: Version,
    accepted: Vec<Row>,
    left: Vec<Left>,
}

#[derive(Debug, Serialize)]
struct Version(u32);

impl Default for Version {
    fn default() -> Self {
        Self(1)
    }
}

#[derive(Debug, Serialize)]
struct Row {
    package: String,
    #[serde(rename = "crate")]
    krate: String,
    test: String,
    issue: String,
    ledger: String,
}

#[derive(Debug, Serialize)]
struct Left {
    #[serde(flatten)]
    row: Row,
    verdict: &'static str,
    why: String,
    #[serde(skip)]
    weight: Weight,
}

/// How bad it is that a test was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// There was nothing to accept.
    None,
    /// It is bad where the test was asked for by name.
    Named,
    /// It is bad.
    Finding,
    /// It was to be accepted, and could not be written.
    NotWritten,
}

/// Why a test was not accepted.
#[derive(Debug)]
pub(super) enum Why<'a> {
    Verdict(Verdict, Ran<'a>),
    Declined,
    NotAsked,
    NotWritten(String),
}

impl Told {
    pub(super) fn accepted(&mut self, test: &Test<'_>) {
        self.accepted.push(Row::of(test));
    }

    pub(super) fn left(&mut self, test: &Test<'_>, why: Why<'_>) {
        let (verdict, why, weight) = match why {
            Why::Declined => ("to-accept", "you said no".to_owned(), Weight::None),
            Why::NotAsked => (
                "to-accept",
                "nobody said yes to it: call this again".to_owned(),
                Weight::Named,
            ),
            Why::NotWritten(error) => ("not-written", error, Weight::NotWritten),
            Why::Verdict(verdict, ran) => {
                let why = match verdict {
                    Verdict::Green => "it is green already".to_owned(),
                    Verdict::Red => {
                        format!(
                            "its fault is still there: it fails with {}, as declared",
                            test.at.declared.expect
                        )
                    }
                    _ => advice(verdict, test, ran).unwrap_or_default(),
                };
                let weight = match verdict {
                    Verdict::Green => Weight::None,
                    Verdict::Red | Verdict::Unproven | Verdict::Stale | Verdict::ToAccept => Weight::Named,
                    Verdict::Unreadable
                    | Verdict::Regressed
                    | Verdict::FailsOtherwise
                    | Verdict::NeverRan => Weight::Finding,
                };
                (verdict.as_str(), why, weight)
            }
        };
        self.left.push(Left {
            row: Row::of(test),
            verdict,
            why,
            weight,
        });
    }

    /// How that ends the command, which was given a filter or not.
    pub(super) fn exit(&self, has_filter: bool) -> Exit {
        let has = |weight| self.left.iter().any(|left| left.weight == weight);
        if has(Weight::NotWritten) {
            Exit::FileFailed
        } else if has(Weight::Finding) || has_filter && has(Weight::Named) {
            Exit::Findings
        } else {
            Exit::Fine
        }
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for Row {
            krate,
            test,
            issue,
            ledger,
            ..
        } in &self.accepted
        {
            let word = styled(GOOD, "accepted");
            push(
                &mut text,
                &format!("{word} {krate}::{test}, which was red for {issue}: commit {ledger}"),
            );
        }
        if self.accepted.is_empty() {
            push(&mut text, "nothing was accepted");
        }
        let (green, left): (Vec<_>, Vec<_>) = self
            .left
            .iter()
            .partition(|left| left.verdict == Verdict::Green.as_str());
        for Left { row, weight, why, .. } in left {
            let style = match weight {
                Weight::None | Weight::Named => ASIDE,
                Weight::Finding | Weight::NotWritten => BAD,
            };
            let word = styled(style, "left");
            push(&mut text, &format!("{word} {}::{}: {why}", row.krate, row.test));
        }
        match green.len() {
            0 => {}
            1 => push(&mut text, "1 test is green already"),
            many => push(&mut text, &format!("{many} tests are green already")),
        }
        text
    }
}

impl Row {
    fn of(test: &Test<'_>) -> Self {
        Self {
            package: test.at.program.package.name.clone(),
            krate: test.at.program.krate.clone(),
            test: test.at.declared.test.clone(),
            issue: test.at.declared.issue.clone(),
            ledger: test.at.ledger_shown().display().to_string(),
        }
    }
}

fn push(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("text can always be written to text");
}
