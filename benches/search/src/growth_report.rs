//! How executions slow down, as tables.

use crate::fit::{exponent, steepest};
use crate::growth::{Point, Series};
use crate::table::Table;

/// Every point. The ratios are against the smallest size of the same line.
#[must_use]
pub fn points(all: &[Series]) -> Table {
    let mut table = Table::new(&[
        "along",
        "size",
        "by",
        "executions/s",
        "us an execution",
        "decisions",
        "ns a decision",
        "ratio",
        "bytes an execution",
        "bytes a decision",
        "ratio",
        "peak live bytes",
    ]);
    for series in all {
        let smallest = &series.points[0];
        for point in &series.points {
            table.push([
                series.axis.name().to_owned(),
                point.size.to_string(),
                series.way.name().to_owned(),
                format!("{:.0}", 1e9 / point.nanos),
                format!("{:.2}", point.nanos / 1e3),
                format!("{:.1}", point.decisions),
                format!("{:.1}", point.nanos_a_decision()),
                format!("{:.2}", point.nanos_a_decision() / smallest.nanos_a_decision()),
                format!("{:.0}", point.bytes),
                format!("{:.0}", point.bytes_a_decision()),
                format!("{:.2}", point.bytes_a_decision() / smallest.bytes_a_decision()),
                point.peak.to_string(),
            ]);
        }
    }
    table
}

/// How a decision's time and bytes grow with the size: the exponent over all sizes above zero, and the largest between
/// two neighbours. 0 is linear growth of an execution; where no number is far above it there is no cliff.
#[must_use]
pub fn exponents(all: &[Series]) -> Table {
    let mut table = Table::new(&[
        "along",
        "by",
        "time a decision",
        "steepest",
        "bytes a decision",
        "steepest",
    ]);
    for series in all {
        let time = curve(series, Point::nanos_a_decision);
        let bytes = curve(series, Point::bytes_a_decision);
        table.push([
            series.axis.name().to_owned(),
            series.way.name().to_owned(),
            fitted(&time),
            cliff(&time),
            fitted(&bytes),
            cliff(&bytes),
        ]);
    }
    table
}

fn curve(series: &Series, quantity: impl Fn(&Point) -> f64) -> Vec<(f64, f64)> {
    let points = series.points.iter();
    points
        .map(|point| (f64::from(point.size), quantity(point)))
        .collect()
}

fn fitted(curve: &[(f64, f64)]) -> String {
    exponent(curve).map_or_else(|| "-".to_owned(), |exponent| format!("{exponent:+.2}"))
}

fn cliff(curve: &[(f64, f64)]) -> String {
    steepest(curve).map_or_else(
        || "-".to_owned(),
        |(size, exponent)| format!("{exponent:+.2} up to {size:.0}"),
    )
}
