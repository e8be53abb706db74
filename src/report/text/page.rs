use console::measure_text_width;

use super::Style;
use super::wrap::wrapped;

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
