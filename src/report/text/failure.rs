use super::page::{Line, Page, Tone};
use super::words::counted;
use super::{found, lanes, leak, nondeterminism, replay};
use crate::oracle::{Kind, Likeness, Violation};
use crate::report::{CheckFailure, Finding, Refusal};

/// Writes why a check did not pass.
pub(super) fn write(page: &mut Page, failure: &CheckFailure) {
    match failure {
        CheckFailure::Violation(finding) => write_finding(page, finding),
        CheckFailure::Refused(refusal) => write_refusal(page, refusal),
    }
}

fn write_finding(page: &mut Page, finding: &Finding) {
    let headline = finding
        .violations
        .first()
        .map_or_else(|| "a violation".to_owned(), ToString::to_string);
    page.headline(&headline);
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
    page.headline(&refusal.what);
    let help = Line::default().and(Tone::Faint, "  = ").and(Tone::Good, "help: ");
    page.hanging(help, Tone::Plain, &refusal.remedy);
    if refusal.executions > 0 {
        let after = format!("after {}", counted(refusal.executions, "execution"));
        page.hanging(Line::default().and(Tone::Faint, "  = "), Tone::Faint, &after);
    }
}
