use super::cell::cell;
use super::columns::Columns;
use super::elision::{Shown, elided};
use super::ending;
use super::page::{Line, Page, Tone};
use super::rows::{Happening, Row, rows};
use super::words::{counted, grouped, listed};
use crate::isolation::finding::Finding;
use crate::user::Cast;

/// How many users without a lane are named.
const MOST_NAMES: usize = 6;

/// The execution as lanes, one a user, time downwards.
pub(super) fn write(page: &mut Page, finding: &Finding, cast: &Cast) {
    let all = rows(finding);
    if all.is_empty() {
        return;
    }
    page.title(Tone::Title, &title(finding));
    let before = &all[..=focus(&all, finding)];
    let margin = margin(finding);
    let columns = Columns::of(finding, before, page.width() - margin);
    let lanes: Vec<_> = all
        .iter()
        .filter(|row| row.user().is_none_or(|user| columns.has(user)))
        .cloned()
        .collect();
    let sheet = Sheet {
        finding,
        cast,
        spans: columns
            .users
            .iter()
            .map(|&user| span(finding, &lanes, user))
            .collect(),
        width: page.width(),
        margin,
        columns,
    };
    page.line(sheet.head());
    for shown in elided(&lanes, focus(&lanes, finding)) {
        match shown {
            Shown::Row(index) => sheet.row(page, index, &lanes[index]),
            Shown::Gap { first, last } => page.line(sheet.gap(first, last)),
        }
    }
    if let Some(line) = sheet.fates(lanes.len()) {
        page.line(line);
    }
    ending::explain(page, finding);
    if let Some(hidden) = sheet.hidden(&all) {
        page.hanging(Line::indented(2), Tone::Faint, &hidden);
    }
}

fn title(finding: &Finding) -> String {
    let run = &finding.run;
    if run.decisions().is_empty() {
        return "what the users saw, in order".to_owned();
    }
    let preemptions = match run.preemptions() {
        0 => "without a preemption".to_owned(),
        some => format!("with {}", counted(some, "preemption")),
    };
    let drops = match run.dropped().iter().filter(|&&dropped| dropped).count() {
        0 => String::new(),
        some => format!(" and {}", counted(some, "dropped call")),
    };
    format!(
        "how it happens, in {} {preemptions}{drops}",
        counted(run.decisions().len(), "step")
    )
}

/// The row in which the first violation shows, or the last one up to its step.
fn focus(rows: &[Row<'_>], finding: &Finding) -> usize {
    let Some(first) = finding.violations.first() else {
        return rows.len().saturating_sub(1);
    };
    let shows = rows.iter().position(|row| {
        matches!(row.what, Happening::Saw { violation: Some(violation), .. } if violation.key() == first.key())
            && u32::try_from(row.first) == Ok(first.step())
    });
    let step = usize::try_from(first.step()).unwrap_or(usize::MAX);
    shows
        .or_else(|| rows.iter().rposition(|row| row.first <= step && step > 0))
        .unwrap_or(rows.len().saturating_sub(1))
}

/// The columns left of the first lane.
fn margin(finding: &Finding) -> usize {
    let digits = grouped(finding.run.decisions().len() as u64).len();
    2 + (2 * digits + 1).max(4) + 2
}

/// The rows between which a user's call is in flight, or its sink still hears something.
fn span(finding: &Finding, rows: &[Row<'_>], user: usize) -> std::ops::Range<usize> {
    let is_own = |row: &Row<'_>| row.user() == Some(user);
    let first = rows.iter().position(is_own).unwrap_or(rows.len());
    let last = if ending::fate(finding.run.ending(), user).is_some() {
        rows.len()
    } else {
        rows.iter().rposition(is_own).unwrap_or(first)
    };
    first..last
}

/// Where everything stands.
struct Sheet<'f> {
    finding: &'f Finding,
    cast: &'f Cast,
    columns: Columns,
    /// In the order of the columns.
    spans: Vec<std::ops::Range<usize>>,
    width: usize,
    margin: usize,
}

impl Sheet<'_> {
    fn name(&self, user: usize) -> &str {
        self.finding.names.get(user).map_or("a user", String::as_str)
    }

    fn label(&self, tone: Tone, label: &str) -> Line {
        let width = self.margin - 2;
        Line::default().and(tone, format!("{label:>width$}  "))
    }

    fn head(&self) -> Line {
        let lanes = self.columns.users.iter().map(|&user| {
            let name = super::excerpt::shortened(self.name(user), self.columns.width - 1);
            Line::default().and(Tone::Title, name).padded(self.columns.width)
        });
        lanes.fold(self.label(Tone::Faint, "step"), Line::followed_by)
    }

    fn row(&self, page: &mut Page, index: usize, row: &Row<'_>) {
        let is_wrong = matches!(
            row.what,
            Happening::Saw {
                violation: Some(_),
                ..
            }
        );
        let tone = if is_wrong { Tone::Wrong } else { Tone::Faint };
        let label = match (row.first, row.last) {
            (0, _) => "-".to_owned(),
            (first, last) if first == last => grouped(first as u64),
            (first, last) => format!("{}-{}", grouped(first as u64), grouped(last as u64)),
        };
        let label = self.label(tone, &label);
        let Some(lane) = row.user().and_then(|user| self.lane_of(user)) else {
            let across = cell(row, "", self.width - self.margin, self.cast);
            for (number, text) in across.text.into_iter().enumerate() {
                let lead = if number == 0 {
                    label.clone()
                } else {
                    Line::indented(self.margin)
                };
                page.line(lead.followed_by(text));
            }
            return;
        };
        let span = &self.spans[lane];
        let sight = if index < span.end { "├" } else { "└" };
        let cell = cell(row, sight, self.columns.width - 3, self.cast);
        for (number, text) in cell.text.into_iter().enumerate() {
            let is_first = number == 0;
            let mut line = if is_first {
                label.clone()
            } else {
                Line::indented(self.margin)
            };
            for other in 0..self.columns.users.len() {
                let content = if other != lane {
                    self.idle(other, index, row.preempted.filter(|_| is_first))
                } else if is_first {
                    Line::default()
                        .and(cell.tone, format!("{} ", cell.mark))
                        .followed_by(text.clone())
                } else {
                    let bar = if index < span.end { "│ " } else { "  " };
                    Line::default().and(Tone::Faint, bar).followed_by(text.clone())
                };
                line = line.followed_by(content.padded(self.columns.width));
            }
            page.line(line);
        }
    }

    fn lane_of(&self, user: usize) -> Option<usize> {
        self.columns.users.iter().position(|&known| known == user)
    }

    /// What stands in a lane while somebody else goes on.
    fn idle(&self, lane: usize, index: usize, preempted: Option<usize>) -> Line {
        if preempted == Some(self.columns.users[lane]) {
            Line::default().and(Tone::Warning, "┆ preempted")
        } else if self.spans[lane].contains(&index) {
            Line::default().and(Tone::Faint, "│")
        } else {
            Line::default()
        }
    }

    fn gap(&self, first: usize, last: usize) -> Line {
        let text = if first < last {
            format!("… steps {} to {} …", grouped(first as u64), grouped(last as u64))
        } else {
            "…".to_owned()
        };
        self.label(Tone::Faint, "…").and(Tone::Faint, text)
    }

    /// What becomes of those who never come to an end; `rows` is behind the last row.
    fn fates(&self, rows: usize) -> Option<Line> {
        let fates: Vec<_> = self
            .columns
            .users
            .iter()
            .map(|&user| ending::fate(self.finding.run.ending(), user))
            .collect();
        fates.iter().any(Option::is_some).then(|| {
            fates
                .iter()
                .enumerate()
                .map(|(lane, fate)| match fate {
                    Some((mark, fate)) => Line::default().and(Tone::Wrong, format!("{mark} {fate}")),
                    None => self.idle(lane, rows, None),
                })
                .map(|content| content.padded(self.columns.width))
                .fold(self.label(Tone::Wrong, "end"), Line::followed_by)
        })
    }

    /// Who has no lane, and how much went on there.
    fn hidden(&self, rows: &[Row<'_>]) -> Option<String> {
        let hidden = &self.columns.hidden;
        if hidden.is_empty() {
            return None;
        }
        let names: Vec<_> = hidden.iter().map(|&user| self.name(user)).collect();
        let steps: usize = rows
            .iter()
            .filter(|row| !matches!(row.what, Happening::Saw { .. }))
            .filter(|row| row.user().is_some_and(|user| hidden.contains(&user)))
            .map(|row| row.last - row.first + 1)
            .sum();
        let names = listed(&names, MOST_NAMES);
        Some(format!("not shown: {names}, with {}", counted(steps, "step")))
    }
}
