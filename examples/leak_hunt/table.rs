//! The table that ends a hunt.

use std::fmt::Write as _;

use crate::outcome::Outcome;

const HEADINGS: [&str; 9] = [
    "row",
    "fault",
    "engine",
    "verdict",
    "kinds",
    "executions",
    "preemptions",
    "time",
    "smallest schedule",
];

/// One line for each outcome, under headings, in columns as wide as what they hold.
pub(crate) fn of(outcomes: &[Outcome]) -> String {
    let mut lines = vec![HEADINGS.map(str::to_owned)];
    lines.extend(outcomes.iter().map(cells));
    let mut widths = [0; HEADINGS.len()];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut table = String::new();
    for line in &lines {
        for (column, (cell, width)) in line.iter().zip(widths).enumerate() {
            let numbers = column == 0 || (5..8).contains(&column);
            let written = if numbers {
                write!(table, "{cell:>width$}  ")
            } else {
                write!(table, "{cell:<width$}  ")
            };
            written.expect("writing into a string cannot fail");
        }
        table.truncate(table.trim_end().len());
        table.push('\n');
    }
    table
}

fn cells(outcome: &Outcome) -> [String; HEADINGS.len()] {
    [
        format!("{:02}", outcome.hunt.legacy.row()),
        outcome.hunt.legacy.to_string(),
        outcome.side.to_string(),
        outcome.verdict(),
        outcome.kinds(),
        outcome.executions().to_string(),
        outcome
            .preemptions()
            .map_or_else(|| "-".to_owned(), |count| count.to_string()),
        format!("{:.1} ms", outcome.time.as_secs_f64() * 1_000.0),
        outcome.schedule().unwrap_or_else(|| "-".to_owned()),
    ]
}
