use console::measure_text_width;

use super::excerpt::{Excerpt, shortened};
use super::page::{Line, Page, Tone};
use super::place::place;
use super::words::{counted, grouped};
use crate::isolation::finding::Finding;
use crate::oracle::{Encoding, Violation};
use crate::trace::Observation;
use crate::user::Population;

/// How many violations are told of, the first among them.
const MOST: usize = 8;

/// What leaked, to whom, where: the first violation in full, a line for each of the others.
pub(super) fn write(page: &mut Page, finding: &Finding, population: &Population) {
    let Some((first, others)) = finding.violations.split_first() else {
        return;
    };
    if let Some(observation) = first.observation() {
        write_observation(page, finding, first, observation, population);
    }
    if others.is_empty() {
        return;
    }
    page.title(
        Tone::Title,
        &format!("and {}", counted(others.len(), "more violation")),
    );
    let told = others.len().min(MOST - 1);
    for violation in &others[..told] {
        let step = match violation.step() {
            0 => String::new(),
            step => format!(" (step {})", grouped(step.into())),
        };
        let left = page.width() - 2 - measure_text_width(&step);
        page.line(
            Line::indented(2)
                .and(Tone::Plain, shortened(&violation.to_string(), left))
                .and(Tone::Faint, step),
        );
    }
    if others.len() > told {
        page.line(Line::indented(2).and(Tone::Faint, format!("and {} more", others.len() - told)));
    }
}

fn write_observation(
    page: &mut Page,
    finding: &Finding,
    violation: &Violation,
    observation: &Observation,
    population: &Population,
) {
    let who = finding
        .names
        .get(observation.viewer())
        .map_or("a user", String::as_str);
    let when = match observation.step() {
        0 => "before the first step".to_owned(),
        step => format!("in step {}", grouped(step.into())),
    };
    page.title(
        Tone::Title,
        &format!("what {who} saw on the surface {}, {when}", observation.surface()),
    );
    let place = place(violation, population);
    let is_found = place.is_some();
    let Excerpt {
        before,
        marked,
        after,
    } = Excerpt::of(observation.text(), place, page.width() - 2);
    let underline = (measure_text_width(&before), measure_text_width(&marked));
    page.line(
        Line::indented(2)
            .and(Tone::Plain, before)
            .and(Tone::Wrong, marked)
            .and(Tone::Plain, after),
    );
    match caption(violation) {
        Some(caption) if is_found => underlined(page, underline.0, underline.1, &caption),
        Some(caption) if violation.secret().is_some() => {
            page.hanging(Line::indented(2), Tone::Wrong, &format!("in it: {caption}"));
        }
        _ => {}
    }
}

/// The line below the place, with what it is: behind it where that fits, else below.
fn underlined(page: &mut Page, start: usize, marked: usize, caption: &str) {
    let carets = Line::indented(2 + start).and(Tone::Wrong, "^".repeat(marked));
    let width = measure_text_width(caption);
    if carets.width() + 1 + width <= page.width() {
        page.line(carets.and(Tone::Wrong, format!(" {caption}")));
    } else {
        let indent = (2 + start + marked).saturating_sub(width).max(2);
        page.line(carets);
        page.line(Line::indented(indent).and(Tone::Wrong, shortened(caption, page.width() - indent)));
    }
}

/// What the marked place is.
fn caption(violation: &Violation) -> Option<String> {
    let owner = violation.owner()?;
    let Some(secret) = violation.secret() else {
        return Some(format!("{owner}'s id"));
    };
    let encoding = match violation.encoding() {
        None | Some(Encoding::Plain) => String::new(),
        Some(encoding) => format!(", {encoding}"),
    };
    Some(format!("{owner}'s secret `{secret}`{encoding}"))
}
