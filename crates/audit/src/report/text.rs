//! For a person, as rustc prints it.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use super::types::Report;
use crate::finding::{Finding, Label, Level, State};

/// Places of one kind that are shown of one finding; the others are counted.
const PLACES: usize = 4;

impl Report {
    /// The report as text without colours. What the baseline has is only counted.
    #[must_use]
    pub fn text(&self) -> String {
        self.rendered(&Renderer::plain())
    }

    /// The same with the colours of a terminal.
    #[must_use]
    pub fn colored(&self) -> String {
        self.rendered(&Renderer::styled())
    }

    fn rendered(&self, renderer: &Renderer) -> String {
        let mut text = String::new();
        for finding in self
            .findings
            .iter()
            .filter(|finding| finding.state != State::Frozen)
        {
            text.push_str(&self.finding(finding, renderer));
            text.push_str("\n\n");
        }
        for unread in &self.statistics.unread {
            text.push_str(&renderer.render(&[Group::with_title(
                Shown::ERROR.primary_title(format!("{unread}; this file is not audited")),
            )]));
            text.push_str("\n\n");
        }
        text.push_str(&self.summary());
        text
    }

    fn finding(&self, finding: &Finding, renderer: &Renderer) -> String {
        let level = match finding.level {
            Level::Error => Shown::ERROR,
            Level::Note => Shown::NOTE,
        };
        let title = level.primary_title(&finding.message).id(finding.rule.id());
        let mut group = Group::with_title(title);
        let mut shown: Vec<&Label> = Vec::new();
        // Places of one kind share their word.
        let first = finding.labels.first();
        let mut hidden = 0;
        for label in &finding.labels {
            let alike = shown.iter().filter(|known| known.text == label.text).count();
            if alike >= PLACES {
                hidden += 1;
            } else {
                shown.push(label);
            }
        }
        let mut files: Vec<&str> = Vec::new();
        for label in &shown {
            if !files.contains(&&*label.file) {
                files.push(&label.file);
            }
        }
        for file in files {
            let source = self.sources.get(file).map_or("", |source| &**source);
            let mut snippet = Snippet::source(source).path(file);
            for label in shown.iter().filter(|label| label.file == file) {
                let is_first =
                    first.is_some_and(|first| std::ptr::eq(*label, first) || first.text == label.text);
                let kind = if is_first {
                    AnnotationKind::Primary
                } else {
                    AnnotationKind::Context
                };
                let mut annotation = kind.span(label.start..label.end.min(source.len()));
                if !label.text.is_empty() {
                    annotation = annotation.label(&*label.text);
                }
                snippet = snippet.annotation(annotation);
            }
            group = group.element(snippet);
        }
        group = group.element(Shown::NOTE.message(format!("in `{}`", finding.place)));
        if hidden > 0 {
            group = group.element(Shown::NOTE.message(format!("and {hidden} more such places there")));
        }
        for note in &finding.notes {
            group = group.element(Shown::NOTE.message(note));
        }
        if let Some(help) = &finding.help {
            group = group.element(Shown::HELP.message(help));
        }
        renderer.render(&[group])
    }

    /// What was found and what was read, in a few lines.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut text = String::new();
        let mut push = |line: String| writeln!(text, "{line}").expect("text can always be written to text");
        let new = self.count(State::New);
        let notes = self
            .findings
            .iter()
            .filter(|finding| finding.level == Level::Note)
            .count();
        let found = match (new, notes) {
            (0, 0) => "no findings".to_owned(),
            (new, 0) => counted(new, "finding"),
            (new, notes) => format!("{}, {}", counted(new, "finding"), counted(notes, "note")),
        };
        push(match &self.baseline {
            None => found,
            Some(baseline) => {
                let gone = if baseline.gone == 0 {
                    String::new()
                } else {
                    format!(", {} gone", baseline.gone)
                };
                let moved = if baseline.moved == 0 {
                    String::new()
                } else {
                    format!(", {} moved", baseline.moved)
                };
                format!(
                    "{found}; the baseline has {}{moved}{gone}",
                    counted(baseline.frozen, "more")
                )
            }
        });
        let read = &self.statistics;
        let share = |part: usize| {
            #[expect(clippy::cast_precision_loss, reason = "it is shown with two digits")]
            let share = if read.paths == 0 {
                0.0
            } else {
                part as f64 * 100.0 / read.paths as f64
            };
            format!("{share:.2} %")
        };
        push(format!(
            "read {} ({} lines) of {}; every branch of `cfg`",
            counted(read.files, "file"),
            read.lines,
            counted(read.targets, "target"),
        ));
        push(format!(
            "resolved {} of {} paths; {} named by macros ({}), {} unresolved ({}); {} in the tokens of macros",
            read.resolved,
            read.paths,
            read.macro_made,
            share(read.macro_made),
            read.unresolved,
            share(read.unresolved),
            read.in_macros,
        ));
        push(format!(
            "not seen into: {}; {} that no target reaches; {} of {} unresolved",
            counted(read.opaque_macro_calls, "macro call"),
            counted(read.orphans.len(), "file"),
            counted(read.unresolved_imports, "import"),
            read.imports,
        ));
        text
    }
}

fn counted(count: usize, what: &str) -> String {
    match (count, what) {
        (count, "more") => format!("{count} more"),
        (1, what) => format!("1 {what}"),
        (count, what) => format!("{count} {what}s"),
    }
}
