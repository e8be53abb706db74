//! This crate is 1.

use std::time::Duration;

use super::Results;
use super::cells::{or_none, time, times};
use super::results::{is_sound, of_peer, role};
use crate::compare::{mean_ratio, on, ratio};
use crate::measured::Measured;
use crate::peers::{BARE_SHAPE, OURS, OURS_FRESH, Role};
use crate::table::Table;

/// Every peer in a line, this crate being 1.
pub(super) fn summary(results: &Results<'_>) -> Option<String> {
    let ours = of_peer(results, OURS)?;
    let mut table = Table::new([
        "",
        "executions/s",
        "shapes found by every seed",
        "by some",
        "cannot be expressed",
        "executions for a leak",
        "time for a leak",
    ]);
    let pace = |measured| on(measured, BARE_SHAPE).and_then(|one| one.pace);
    let ours_pace = of_peer(results, OURS_FRESH).and_then(pace);
    for (peer, measured) in results {
        if role(peer) != Role::Peer {
            continue;
        }
        let faulty = || measured.iter().filter(|one| !is_sound(one));
        let own = if *peer == OURS { ours_pace } else { pace(measured) };
        let speed = own
            .zip(ours_pace)
            .map(|(own, ours)| own.executions_a_second / ours.executions_a_second);
        let all = faulty().filter(|one| one.is_found_always()).count();
        let some = faulty().filter(|one| one.found() > 0).count() - all;
        table.push([
            (*peer).to_owned(),
            speed.map_or_else(String::new, |speed| format!("{speed:.2}")),
            format!("{all} of {}", faulty().count()),
            some.to_string(),
            faulty().filter(|one| one.unfit.is_some()).count().to_string(),
            or_none(mean_ratio(ours, measured, Measured::executions_a_leak).map(times)),
            or_none(mean_ratio(ours, measured, Measured::seconds_a_leak).map(times)),
        ]);
    }
    Some(table.to_string())
}

/// Every shape in a line: how much longer each peer searches for a leak than this crate.
pub(super) fn by_shape(results: &Results<'_>) -> Option<String> {
    let ours = of_peer(results, OURS)?;
    let peers: Vec<_> = results
        .iter()
        .filter(|(peer, _)| role(peer) == Role::Peer && *peer != OURS)
        .collect();
    let names = peers.iter().map(|(peer, _)| (*peer).to_owned());
    let mut table = Table::new(
        ["time for a leak".to_owned(), OURS.to_owned()]
            .into_iter()
            .chain(names),
    );
    for one in ours.iter().filter(|one| !is_sound(one)) {
        let own = one.seconds_a_leak();
        let cells = peers.iter().map(|(_, measured)| {
            let theirs = on(measured, &one.shape);
            let is_unfit = theirs.is_none_or(|theirs| theirs.unfit.is_some());
            if is_unfit {
                return "-".to_owned();
            }
            or_none(ratio(own, theirs.and_then(Measured::seconds_a_leak)).map(times))
        });
        let own = own.map_or_else(String::new, |cost| time(Duration::from_secs_f64(cost.amount)));
        table.push([one.shape.clone(), own].into_iter().chain(cells));
    }
    Some(table.to_string())
}
