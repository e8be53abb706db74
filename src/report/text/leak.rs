use console::measure_text_width;

use super::excerpt::{Excerpt, shortened};
use super::page::{Line, Page, Tone};
use super::words::{counted, grouped};
use crate::oracle::{Encoding, Violation};
use crate::report::Finding;
use crate::report::spans::shown_by;
use crate::trace::Observation;

/// How many violations are told of, the first among them.
const MOST: usize = 8;

/// Of how many chunks that make up a secret it is shown which part each has.
const MOST_CHUNKS: usize = 8;

/// What leaked, to whom, where: the first violation in full, a line for each of the others.
pub(super) fn write(page: &mut Page, finding: &Finding) {
    let Some((first, others)) = finding.violations.split_first() else {
        return;
    };
    if let Some(observation) = first.observation() {
        write_observation(page, finding, first, observation);
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

fn write_observation(page: &mut Page, finding: &Finding, violation: &Violation, observation: &Observation) {
    let who = finding
        .names
        .get(observation.viewer())
        .map_or("a user", String::as_str);
    let shown = shown_by(violation);
    let first = shown.first().map_or(observation, |shown| shown.observation);
    let last = shown.last().map_or(observation, |shown| shown.observation);
    let step = |observation: &Observation| grouped(observation.step().into());
    let when = match (first.step(), last.step()) {
        (0, 0) => "before the first step".to_owned(),
        (one, other) if one == other => format!("in step {}", step(first)),
        (0, _) => format!("before the first step and up to step {}", step(last)),
        _ => format!("in steps {} to {}", step(first), step(last)),
    };
    page.title(
        Tone::Title,
        &format!("what {who} saw on the surface {}, {when}", observation.surface()),
    );
    if shown.is_empty() {
        write_excerpt(page, &Excerpt::of(observation.text(), &[], page.width() - 2));
    }
    let told = &shown[..shown.len().min(MOST_CHUNKS)];
    for (number, shown) in (1..).zip(told) {
        let excerpt = Excerpt::of(shown.observation.text(), &shown.ranges, page.width() - 2);
        write_excerpt(page, &excerpt);
        let caption = caption(violation).filter(|_| number == told.len());
        underline(page, &excerpt, caption.as_deref());
    }
    if shown.len() > told.len() {
        let more = counted(shown.len() - told.len(), "more chunk");
        page.line(Line::indented(2).and(Tone::Faint, format!("and {more}")));
    }
}

fn write_excerpt(page: &mut Page, excerpt: &Excerpt) {
    page.line(excerpt.written_to(Line::indented(2), Tone::Plain));
}

/// The line below an excerpt, with what is marked in it: behind it where that fits, else below.
fn underline(page: &mut Page, excerpt: &Excerpt, caption: Option<&str>) {
    let carets = excerpt.carets();
    let end = 2 + carets.len();
    let start = carets.len() - carets.trim_start().len();
    let carets = Line::indented(2 + start).and(Tone::Wrong, carets.trim_start());
    let Some(caption) = caption else {
        return page.line(carets);
    };
    let width = measure_text_width(caption);
    if end + 1 + width <= page.width() {
        page.line(carets.and(Tone::Wrong, format!(" {caption}")));
    } else {
        let indent = end.saturating_sub(width).max(2);
        page.line(carets);
        page.line(Line::indented(indent).and(Tone::Wrong, shortened(caption, page.width() - indent)));
    }
}

/// What the marked place is.
fn caption(violation: &Violation) -> Option<String> {
    let owner = violation.owner()?;
    let Some(secret) = violation.secret_name() else {
        return Some(format!("{owner}'s id"));
    };
    let encoding = match violation.encoding() {
        None | Some(Encoding::Plain) => String::new(),
        Some(encoding) => format!(", {encoding}"),
    };
    Some(format!("{owner}'s secret `{secret}`{encoding}"))
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::oracle::{Encoder, Violation, samples};
    use crate::report::samples::Sample;
    use crate::report::text::Style;
    use crate::report::text::page::Page;
    use crate::trace::Surface;
    use crate::user::SecretKind;

    /// The section of a report on these violations.
    fn written(sample: Sample, violations: Vec<Violation>) -> Vec<String> {
        let finding = sample.with(|finding| finding.violations = violations).finding();
        let mut page = Page::new(&Style {
            width: 2_000,
            colours: false,
        });
        write(&mut page, &finding);
        page.into_text().lines().map(str::to_owned).collect()
    }

    /// What stands above the carets.
    fn underlined(text: &str, carets: &str) -> String {
        let columns = text.chars().zip(carets.chars());
        let marked = columns.filter(|(_, caret)| *caret == '^');
        marked.map(|(character, _)| character).collect()
    }

    #[test]
    fn a_secret_is_underlined_in_every_encoding() {
        for encoder in Encoder::ALL {
            let sample = Sample::new(2, "v1:one@0:1,2");
            let home = sample.population.mint(0, SecretKind::Email, "home");
            let encoded = encoder.encode(&home);
            let sample = sample.saw(1, Surface::Reply, 2, format!("x {encoded} y"));
            let violations = samples::judged(&sample.population, &sample.seen()[0]);
            let lines = written(sample, violations);
            let json = serde_json::to_string(encoder.marked(&encoded)).unwrap();
            assert_eq!(
                underlined(&lines[2], &lines[3]),
                json[1..json.len() - 1],
                "{encoder:?}: {lines:#?}"
            );
            assert!(
                lines[3].contains("^ ada's secret `email home`"),
                "{encoder:?}: {lines:#?}"
            );
        }
    }

    #[test]
    fn an_id_is_underlined_where_it_is_the_id() {
        let sample = Sample::new(2, "v1:one@0:1,2");
        let id = sample.population.identity(0).context().user.clone();
        let sample = sample.saw(
            1,
            Surface::Event,
            2,
            serde_json::json!({ "seen": format!("{id}x"), "user": id }),
        );
        let violations = samples::judged(&sample.population, &sample.seen()[0]);
        let lines = written(sample, violations);
        assert_eq!(underlined(&lines[2], &lines[3]), id.to_string());
        assert_eq!(
            lines[2].find(&format!("\"{id}\"")).unwrap() + 1,
            lines[3].find('^').unwrap()
        );
    }

    #[test]
    fn each_chunk_of_a_secret_is_underlined() {
        let mut sample = Sample::new(2, "v1:one@0:1,2x9");
        let card = sample.population.mint(0, SecretKind::Text, "card");
        for (chunk, step) in card.as_bytes().chunks(4).zip(2..) {
            let chunk = std::str::from_utf8(chunk).unwrap();
            sample = sample.saw(1, Surface::Event, step, serde_json::json!({ "text": chunk }));
        }
        let violations = samples::judged_together(&sample.population, sample.seen());
        let lines = written(sample, violations);
        assert_eq!(lines[1], "what ben saw on the surface event, in steps 2 to 8");
        let shown: Vec<_> = lines[2..]
            .chunks(2)
            .map(|pair| underlined(&pair[0], &pair[1]))
            .collect();
        assert_eq!(shown.concat(), card);
        assert!(
            lines[15].ends_with("^^ ada's secret `card`, across chunks"),
            "{lines:#?}"
        );
    }
}
