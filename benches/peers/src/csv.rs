//! Results as comma-separated values, which can be read back.

use std::fmt::Write as _;
use std::time::Duration;

use crate::measured::Measured;

/// The columns. Not found is an empty cell.
pub const COLUMNS: [&str; 12] = [
    "peer",
    "shape",
    "cannot",
    "seeds",
    "found",
    "executions_median",
    "executions_p90",
    "seconds_median",
    "seconds_p90",
    "executions_a_leak",
    "executions_a_second",
    "nanos_a_decision",
];

/// What every peer came to, a line for each shape.
#[must_use]
pub fn csv(results: &[(&str, Vec<Measured>)]) -> String {
    let mut text = line(&COLUMNS.map(str::to_owned));
    for (peer, measured) in results {
        for one in measured {
            text.push_str(&line(&row(peer, one)));
        }
    }
    text
}

fn row(peer: &str, one: &Measured) -> [String; 12] {
    let seconds = |time: Option<Duration>| time.map(|time| format!("{:.9}", time.as_secs_f64()));
    let count = |count: Option<u64>| count.map(|count| count.to_string());
    let number = |number: Option<f64>| number.map(|number| format!("{number:.1}"));
    let a_leak = one.executions_a_leak().filter(|cost| !cost.is_least);
    [
        Some(peer.to_owned()),
        Some(one.shape.clone()),
        one.unfit.clone(),
        Some(one.searches.len().to_string()),
        Some(one.found().to_string()),
        count(one.executions(50)),
        count(one.executions(90)),
        seconds(one.time(50)),
        seconds(one.time(90)),
        number(a_leak.map(|cost| cost.amount)),
        number(one.pace.map(|pace| pace.executions_a_second)),
        number(one.pace.and_then(|pace| pace.nanos_a_decision)),
    ]
    .map(Option::unwrap_or_default)
}

fn line(cells: &[String]) -> String {
    let mut text = String::new();
    for (column, cell) in cells.iter().enumerate() {
        let comma = if column == 0 { "" } else { "," };
        write!(text, "{comma}\"{}\"", cell.replace('"', "\"\"")).expect("a string can be written to");
    }
    text.push('\n');
    text
}

/// Reads the lines back, each as its cells.
///
/// # Errors
///
/// The number of the first line, from 1, that is not as [`csv`] writes them.
pub fn parse(text: &str) -> Result<Vec<Vec<String>>, usize> {
    text.lines()
        .enumerate()
        .map(|(number, line)| {
            let cells = line.strip_prefix('"').and_then(|line| line.strip_suffix('"'));
            let cells: Vec<String> = cells
                .ok_or(number + 1)?
                .split("\",\"")
                .map(|cell| cell.replace("\"\"", "\""))
                .collect();
            if cells.len() == COLUMNS.len() {
                Ok(cells)
            } else {
                Err(number + 1)
            }
        })
        .collect()
}
