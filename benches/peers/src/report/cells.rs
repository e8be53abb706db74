//! How a cell is written.

use std::time::Duration;

use crate::compare::Ratio;
use crate::measured::Measured;

pub(super) fn found(one: &Measured) -> String {
    format!("{} of {}", one.found(), one.searches.len())
}

pub(super) fn or_infinite(cell: Option<String>) -> String {
    cell.unwrap_or_else(|| "∞".to_owned())
}

pub(super) fn or_none(cell: Option<String>) -> String {
    cell.unwrap_or_else(|| "-".to_owned())
}

pub(super) fn times(ratio: Ratio) -> String {
    let least = if ratio.is_least { "> " } else { "" };
    if ratio.times < 10.0 {
        format!("{least}{:.2}", ratio.times)
    } else {
        format!("{least}{}", rounded(ratio.times))
    }
}

pub(super) fn time(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        ..1e3 => format!("{micros:.0} µs"),
        ..1e6 => format!("{:.1} ms", micros / 1e3),
        _ => format!("{:.2} s", micros / 1e6),
    }
}

/// Without what is behind the point, which the machine's noise decides.
pub(super) fn rounded(number: f64) -> String {
    let text = format!("{number:.0}");
    text.parse().map_or(text, count)
}

/// With commas.
pub(super) fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
