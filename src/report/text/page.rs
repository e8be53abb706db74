use console::measure_text_width;

use super::Style;
use super::wrap::wrapped;

/// A panic's message may hold the whole state of a system; the head of it is enough.
const MOST_HEADLINES: usize = 12;
/// How wide labels are, in columns.
const LABEL: usize = 10;
/// What `cargo test` prints before an error.
const ERROR: usize = "Error: ".len();

/// What a stretch of text is, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    /// A section's title, a user's name.
    Title,
    /// What must not have been.
    Wrong,
    Good,
    Warning,
    /// What the eye may skip.
    Faint,
}

/// A line of a report. Widths are measured before it is painted, so that colours do not shift anything.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(Vec<(Tone, String)>);

impl Line {
    pub(super) fn indented(columns: usize) -> Self {
        Self::default().and(Tone::Plain, " ".repeat(columns))
    }

    /// The start of a line that has a label; with an empty one, it has the place of a label.
    pub(super) fn labelled(tone: Tone, label: &str) -> Self {
        Self::indented(2).followed_by(Self::default().and(tone, label).padded(LABEL + 1))
    }

    pub(super) fn and(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.0.push((tone, text.into()));
        self
    }

    pub(super) fn followed_by(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Filled with spaces up to `width` columns.
    pub(super) fn padded(self, width: usize) -> Self {
        let missing = width.saturating_sub(self.width());
        self.and(Tone::Plain, " ".repeat(missing))
    }

    /// In columns.
    pub(super) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| measure_text_width(text)).sum()
    }

    fn painted(&self, colours: bool) -> String {
        let blank = |text: &str| text.trim_end().is_empty();
        let spans = self.0.iter().rposition(|(_, text)| !blank(text));
        let Some(last) = spans else {
            return String::new();
        };
        let mut painted = String::new();
        for (index, (tone, text)) in self.0[..=last].iter().enumerate() {
            let text = if index == last { text.trim_end() } else { text };
            painted.push_str(&paint(*tone, text, colours));
        }
        painted
    }
}

fn paint(tone: Tone, text: &str, colours: bool) -> String {
    let style = console::Style::new().force_styling(colours);
    let style = match tone {
        Tone::Plain => return text.to_owned(),
        Tone::Title => style.bold(),
        Tone::Wrong => style.red().bold(),
        Tone::Good => style.green().bold(),
        Tone::Warning => style.yellow().bold(),
        Tone::Faint => style.dim(),
    };
    style.apply_to(text).to_string()
}

/// The lines of a report, before they are painted.
#[derive(Debug)]
pub(super) struct Page {
    style: Style,
    lines: Vec<Line>,
}

impl Page {
    pub(super) fn new(style: &Style) -> Self {
        Self {
            style: *style,
            lines: Vec::new(),
        }
    }

    pub(super) fn width(&self) -> usize {
        self.style.width
    }

    pub(super) fn line(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// What the report is about, in the first line.
    pub(super) fn headline(&mut self, text: &str) {
        let lines = wrapped(text, self.width().saturating_sub(ERROR), self.width() - 2);
        let is_cut = lines.len() > MOST_HEADLINES;
        for (number, line) in lines.into_iter().take(MOST_HEADLINES).enumerate() {
            let indent = if number == 0 { 0 } else { 2 };
            self.line(Line::indented(indent).and(Tone::Wrong, line));
        }
        if is_cut {
            self.line(Line::indented(2).and(Tone::Wrong, "…"));
        }
    }

    /// Begins a section.
    pub(super) fn title(&mut self, tone: Tone, text: &str) {
        self.lines.push(Line::default());
        for line in wrapped(text, self.style.width, self.style.width) {
            self.lines.push(Line::default().and(tone, line));
        }
    }

    /// Text that is `lead`ed in on its first line and stands to the right of it on the others.
    pub(super) fn hanging(&mut self, lead: Line, tone: Tone, text: &str) {
        let indent = lead.width();
        let width = self.style.width.saturating_sub(indent);
        let mut lead = Some(lead);
        for line in wrapped(text, width, width) {
            let start = lead.take().unwrap_or_else(|| Line::indented(indent));
            self.lines.push(start.and(tone, line));
        }
    }

    /// A text whose lines are its own, and longer than the page where they are: it is `lead`ed in on its first line.
    pub(super) fn as_it_stands(&mut self, lead: &Line, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            let start = if number == 0 {
                lead.clone()
            } else {
                Line::indented(lead.width())
            };
            self.lines.push(start.and(Tone::Plain, line));
        }
    }

    /// A page within the page, to the right of `lead`.
    pub(super) fn nested(&mut self, lead: &Line, write: impl FnOnce(&mut Self)) {
        let indent = lead.width();
        let mut page = Self::new(&Style {
            width: self.style.width.saturating_sub(indent),
            ..self.style
        });
        write(&mut page);
        for (number, line) in page.lines.into_iter().enumerate() {
            let start = if number == 0 {
                lead.clone()
            } else {
                Line::indented(indent)
            };
            self.lines.push(start.followed_by(line));
        }
    }

    /// Text that stands a little to the right.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.hanging(Line::indented(2), Tone::Plain, text);
    }

    /// The report, without a line break at its end.
    pub(super) fn into_text(self) -> String {
        let lines = self.lines.iter().map(|line| line.painted(self.style.colours));
        lines.collect::<Vec<_>>().join("\n")
    }
}
