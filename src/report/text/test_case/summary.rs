use std::time::Duration;

use crate::report::TestSummary;
use crate::report::text::page::{Line, Page, Tone};

/// How wide the names of phases and counters are, in columns.
const NAME: usize = 14;

pub(in crate::report::text) fn write(page: &mut Page, summary: TestSummary<'_>) {
    let took = millis(summary.elapsed);
    page.line(Line::default().and(Tone::Title, format!("{} took {took}", summary.test)));
    let times = summary.phases.iter().map(|(phase, time)| (phase, millis(*time)));
    let counts = summary
        .metrics
        .iter()
        .map(|(name, count)| (name, count.to_string()));
    for (name, value) in times.chain(counts) {
        let name = Line::default().and(Tone::Plain, name.as_str()).padded(NAME + 1);
        page.line(Line::indented(2).followed_by(name).and(Tone::Plain, value));
    }
}

/// A time in milliseconds, as precise as it is short.
fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
