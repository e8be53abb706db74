use super::page::{Line, Page, Tone};
use super::words::counted;
use super::wrap::wrapped;
use super::{Style, found, lanes, leak, nondeterminism, passed, replay};
use crate::oracle::{Kind, Likeness, Violation};
use crate::report::{Finding, Outcome, Refusal};

/// A panic's message may hold the whole state of a system; the head of it is enough.
const MOST_HEADLINES: usize = 12;
/// What `cargo test` prints before an error.
const ERROR: usize = "Error: ".len();

/// What a person reads of a check's outcome.
pub(crate) fn written(outcome: Outcome<'_>, style: &Style) -> String {
    let mut page = Page::new(style);
    match outcome {
        Outcome::Violation(finding) => write_finding(&mut page, finding),
        Outcome::Refused(refusal) => write_refusal(&mut page, refusal),
        Outcome::Passed(report) => passed::write(&mut page, report),
    }
    page.into_text()
}

fn write_finding(page: &mut Page, finding: &Finding) {
    let headline = finding
        .violations
        .first()
        .map_or_else(|| "a violation".to_owned(), ToString::to_string);
    write_headline(page, &headline);
    leak::write(page, finding);
    write_hint(page, finding);
    lanes::write(page, finding);
    found::write(page, finding);
    nondeterminism::write(page, finding);
    replay::write(page, finding);
    if !finding.caveats.is_empty() {
        page.title(Tone::Title, "caveats");
        for caveat in &finding.caveats {
            page.hanging(
                Line::default().and(Tone::Faint, "  - "),
                Tone::Plain,
                &caveat.to_string(),
            );
        }
    }
}

/// What to do about a finding that may be no fault of the system's.
fn write_hint(page: &mut Page, finding: &Finding) {
    let Some(violation) = finding.violations.first() else {
        return;
    };
    let dropped = finding.run.dropped().contains(&true);
    let hint = match violation.kind() {
        Kind::Residue if dropped => {
            "a call was dropped here: what the script would have undone after it stays, unless the system undoes it by \
             itself, with a guard; `.cancellations(0)` takes drops out"
                .to_owned()
        }
        Kind::Interference => match declaration(most_like(finding, violation)) {
            Some(hint) => hint,
            None => return,
        },
        _ => return,
    };
    let help = Line::default().and(Tone::Faint, "  = ").and(Tone::Good, "help: ");
    page.hanging(help, Tone::Plain, &hint);
}

/// Of the differences of one user, the one that looks like something known, where one does.
fn most_like<'f>(finding: &'f Finding, first: &'f Violation) -> &'f Violation {
    let mut others = finding
        .violations
        .iter()
        .filter(|other| other.user_index() == first.user_index());
    let found = match first.looks_like() {
        Some(_) => None,
        None => others.find(|other| other.looks_like().is_some()),
    };
    found.unwrap_or(first)
}

/// The narrowest setting that declares a difference from a solo run, where it may be meant.
fn declaration(violation: &Violation) -> Option<String> {
    let value = || {
        let surface = format!("{:?}", violation.surface()?);
        Some(format!(
            "`.may_differ(Surface::{surface}, {:?})`, which leaves every other oracle as it is",
            violation.pointer().unwrap_or_default()
        ))
    };
    match violation.looks_like() {
        Some(Likeness::Refusal) => Some(
            "this looks like a refusal under load; where it is meant, declare it with `.allow(|seen| ..)`, by what it says: it \
             may then stand for the answers that are missing"
                .to_owned(),
        ),
        Some(likeness) => Some(format!("this looks like {likeness}; where it is meant, declare it with {}", value()?)),
        None if violation.observation().is_some() => {
            Some(format!("where this value may differ when others are there, declare it with {}", value()?))
        }
        None => None,
    }
}

fn write_refusal(page: &mut Page, refusal: &Refusal) {
    write_headline(page, &refusal.what);
    let help = Line::default().and(Tone::Faint, "  = ").and(Tone::Good, "help: ");
    page.hanging(help, Tone::Plain, &refusal.remedy);
    if refusal.executions > 0 {
        let after = format!("after {}", counted(refusal.executions, "execution"));
        page.hanging(Line::default().and(Tone::Faint, "  = "), Tone::Faint, &after);
    }
}

fn write_headline(page: &mut Page, text: &str) {
    let lines = wrapped(text, page.width() - ERROR, page.width() - 2);
    let is_cut = lines.len() > MOST_HEADLINES;
    for (number, line) in lines.into_iter().take(MOST_HEADLINES).enumerate() {
        let indent = if number == 0 { 0 } else { 2 };
        page.line(Line::indented(indent).and(Tone::Wrong, line));
    }
    if is_cut {
        page.line(Line::indented(2).and(Tone::Wrong, "…"));
    }
}
