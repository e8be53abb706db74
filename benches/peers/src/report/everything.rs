use super::Results;
use super::cells::{count, found, or_infinite, rounded, time};
use crate::compare::on;
use crate::measured::Measured;
use crate::table::Table;

/// Every peer on every shape.
pub(super) fn everything(results: &Results<'_>) -> String {
    let mut table = Table::new([
        "shape and peer",
        "found",
        "executions, median",
        "p90",
        "time, median",
        "p90",
        "executions/s",
        "ns/decision",
    ]);
    for shape in shapes(results) {
        table.push([format!("**{shape}**")].into_iter().chain(vec![String::new(); 7]));
        for (peer, measured) in results {
            if let Some(one) = on(measured, shape) {
                table.push(row(peer, one));
            }
        }
    }
    table.to_string()
}

/// In the order of the first peer that has them all.
fn shapes<'r>(results: &'r Results<'_>) -> Vec<&'r str> {
    let longest = results
        .iter()
        .map(|(_, measured)| measured)
        .max_by_key(|measured| measured.len());
    let shapes = longest.into_iter().flatten();
    shapes.map(|measured| measured.shape.as_str()).collect()
}

fn row(peer: &str, one: &Measured) -> Vec<String> {
    let mut cells = vec![peer.to_owned()];
    if one.unfit.is_some() {
        cells.resize(8, "-".to_owned());
        return cells;
    }
    if one.searches.is_empty() {
        cells.resize(6, String::new());
    } else {
        cells.extend([
            found(one),
            or_infinite(one.executions(50).map(count)),
            or_infinite(one.executions(90).map(count)),
            or_infinite(one.time(50).map(time)),
            or_infinite(one.time(90).map(time)),
        ]);
    }
    let decision = one.pace.and_then(|pace| pace.nanos_a_decision);
    cells.extend([
        one.pace
            .map_or_else(String::new, |pace| rounded(pace.executions_a_second)),
        decision.map_or_else(String::new, |nanos| format!("{nanos:.1}")),
    ]);
    cells
}
