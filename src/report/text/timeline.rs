use std::ops::Range;

use super::cell::{Cell, cell};
use super::columns::Columns;
use super::ending;
use super::excerpt::shortened;
use super::page::{Line, Page, Tone};
use super::truncation::Shown;
use super::words::{counted, grouped, listed};
use crate::report::Finding;
use crate::report::rows::{Row, TimelineEvent};

/// How many users without a lane are named.
const MOST_NAMES: usize = 6;

/// Where the lanes stand beside each other, and what is drawn where.
pub(super) struct Timeline<'f> {
    finding: &'f Finding,
    columns: Columns,
    /// The columns left of the first lane.
    margin: usize,
}

impl<'f> Timeline<'f> {
    /// Lanes for the users who matter in the rows `before` the violation, within `width` columns.
    pub(super) fn new(width: usize, finding: &'f Finding, before: &[Row<'_>]) -> Self {
        let digits = grouped(finding.run.decisions().len() as u64).len();
        let margin = 2 + (2 * digits + 1).max(4) + 2;
        Self {
            finding,
            columns: Columns::of(finding, before, width - margin),
            margin,
        }
    }

    /// Whether the user has a lane.
    pub(super) fn has(&self, user: usize) -> bool {
        self.columns.users.contains(&user)
    }

    pub(super) fn write(&self, page: &mut Page, rows: &[Row<'_>], shown: &[Shown]) {
        let spans: Vec<_> = self
            .columns
            .users
            .iter()
            .map(|&user| self.span(rows, user))
            .collect();
        page.line(self.head());
        for shown in shown {
            match *shown {
                Shown::Row(index) => self.row(page, index, &rows[index], &spans),
                Shown::Gap { first, last } => page.line(self.gap(first, last)),
            }
        }
        if let Some(line) = self.script_outcomes() {
            page.line(line);
        }
    }

    /// Who has no lane, and how much went on there.
    pub(super) fn hidden(&self, rows: &[Row<'_>]) -> Option<String> {
        let hidden = &self.columns.hidden;
        if hidden.is_empty() {
            return None;
        }
        let names: Vec<_> = hidden.iter().map(|&user| self.name(user)).collect();
        let steps: usize = rows
            .iter()
            .filter(|row| !matches!(row.what, TimelineEvent::Saw { .. }))
            .filter(|row| row.user().is_some_and(|user| hidden.contains(&user)))
            .map(|row| row.last - row.first + 1)
            .sum();
        let names = listed(&names, MOST_NAMES);
        Some(format!("not shown: {names}, with {}", counted(steps, "step")))
    }

    /// The rows between which a user's call is in flight, or its sink still hears something.
    fn span(&self, rows: &[Row<'_>], user: usize) -> Range<usize> {
        let is_own = |row: &Row<'_>| row.user() == Some(user);
        let first = rows.iter().position(is_own).unwrap_or(rows.len());
        let last = if ending::script_outcome(self.finding.run.ending(), user).is_some() {
            rows.len()
        } else {
            rows.iter().rposition(is_own).unwrap_or(first)
        };
        first..last
    }

    fn name(&self, user: usize) -> &str {
        self.finding.names.get(user).map_or("a user", String::as_str)
    }

    fn label(&self, tone: Tone, label: &str) -> Line {
        let width = self.margin - 2;
        Line::default().and(tone, format!("{label:>width$}  "))
    }

    fn head(&self) -> Line {
        let lanes = self.columns.users.iter().map(|&user| {
            let name = shortened(self.name(user), self.columns.width - 1);
            Line::default().and(Tone::Title, name).padded(self.columns.width)
        });
        lanes.fold(self.label(Tone::Faint, "step"), Line::followed_by)
    }

    fn row(&self, page: &mut Page, index: usize, row: &Row<'_>, spans: &[Range<usize>]) {
        let is_wrong = matches!(
            row.what,
            TimelineEvent::Saw {
                violation: Some(_),
                ..
            }
        );
        let tone = if is_wrong { Tone::Wrong } else { Tone::Faint };
        let mut label = self.label(tone, &steps(row));
        let own = row
            .user()
            .and_then(|user| self.columns.users.iter().position(|&known| known == user));
        let Some(own) = own else {
            self.across(page, label, row);
            return;
        };
        let goes_on = index < spans[own].end;
        let Cell { mark, tone, text } = cell(row, &self.finding.names, self.columns.width - 3);
        let mark = match mark {
            "├" if !goes_on => "└",
            mark => mark,
        };
        let mut mark = Line::default().and(tone, format!("{mark} "));
        let mut preempted = row.preempted;
        for text in text {
            let mut line = label;
            for (lane, span) in spans.iter().enumerate() {
                let content = if lane == own {
                    mark.clone().followed_by(text.clone())
                } else {
                    self.idle(lane, span.contains(&index), preempted)
                };
                line = line.followed_by(content.padded(self.columns.width));
            }
            page.line(line);
            label = Line::indented(self.margin);
            mark = Line::default().and(Tone::Faint, if goes_on { "│ " } else { "  " });
            preempted = None;
        }
    }

    /// A row that is in nobody's lane: a line across them all.
    fn across(&self, page: &mut Page, label: Line, row: &Row<'_>) {
        let lanes = (self.columns.width * self.columns.users.len()).saturating_sub(1);
        let Cell { mark, tone, text } = cell(row, &self.finding.names, page.width() - self.margin - 3);
        let mut lead = Line::default().and(tone, format!("{mark}┄ "));
        let indent = self.margin + lead.width();
        let is_one_line = text.len() == 1;
        let mut label = Some(label);
        for text in text {
            lead = lead.followed_by(text);
            if is_one_line {
                let rest = "┄".repeat(lanes.saturating_sub(lead.width() + 1));
                lead = lead.and(tone, format!(" {rest}"));
            }
            page.line(label.take().unwrap_or_default().followed_by(lead));
            lead = Line::indented(indent);
        }
    }

    /// What stands in a lane while somebody else goes on.
    fn idle(&self, lane: usize, in_flight: bool, preempted: Option<usize>) -> Line {
        if preempted == Some(self.columns.users[lane]) {
            Line::default().and(Tone::Warning, "┆ preempted")
        } else if in_flight {
            Line::default().and(Tone::Faint, "│")
        } else {
            Line::default()
        }
    }

    fn gap(&self, first: usize, last: usize) -> Line {
        let text = if first < last {
            format!(
                "steps {} to {} are left out",
                grouped(first as u64),
                grouped(last as u64)
            )
        } else {
            "rows of this step are left out".to_owned()
        };
        self.label(Tone::Faint, "⋮").and(Tone::Faint, text)
    }

    /// What becomes of those who never come to an end.
    fn script_outcomes(&self) -> Option<Line> {
        let script_outcomes: Vec<_> = self
            .columns
            .users
            .iter()
            .map(|&user| ending::script_outcome(self.finding.run.ending(), user))
            .collect();
        let cells = script_outcomes.iter().map(|script_outcome| match script_outcome {
            Some((mark, script_outcome)) => {
                Line::default().and(Tone::Wrong, format!("{mark} {script_outcome}"))
            }
            None => Line::default(),
        });
        script_outcomes.iter().any(Option::is_some).then(|| {
            cells
                .map(|content| content.padded(self.columns.width))
                .fold(self.label(Tone::Wrong, "end"), Line::followed_by)
        })
    }
}

/// Which steps a row stands for.
fn steps(row: &Row<'_>) -> String {
    match (row.first, row.last) {
        (0, _) => "-".to_owned(),
        (first, last) if first == last => grouped(first as u64),
        (first, last) => format!("{}-{}", grouped(first as u64), grouped(last as u64)),
    }
}
