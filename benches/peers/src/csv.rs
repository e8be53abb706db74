//! Results as comma-separated values, which can be read back.

use std::time::Duration;

use ::csv::{Position, QuoteStyle, ReaderBuilder, WriterBuilder};

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

/// What every peer came to, a line for each shape, every cell in quotation marks.
///
/// # Panics
///
/// Never: a vector takes everything.
#[must_use]
pub fn csv(results: &[(&str, Vec<Measured>)]) -> String {
    let mut table = WriterBuilder::new()
        .quote_style(QuoteStyle::Always)
        .from_writer(Vec::new());
    let rows = results
        .iter()
        .flat_map(|(peer, measured)| measured.iter().map(|one| row(peer, one)));
    for row in std::iter::once(COLUMNS.map(str::to_owned)).chain(rows) {
        table.write_record(&row).expect("a vector takes everything");
    }
    let text = table.into_inner().expect("a vector takes everything");
    String::from_utf8(text).expect("cells are text")
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

/// Reads the lines back, each as its cells.
///
/// # Errors
///
/// The number of the first line, from 1, that is not as [`csv`] writes them.
pub fn parse(text: &str) -> Result<Vec<Vec<String>>, u64> {
    let mut table = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let records = table.records().zip(1..).map(|(record, number)| {
        let record = record.map_err(|_| number)?;
        let line = record.position().map_or(number, Position::line);
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if cells.len() == COLUMNS.len() {
            Ok(cells)
        } else {
            Err(line)
        }
    });
    records.collect()
}
