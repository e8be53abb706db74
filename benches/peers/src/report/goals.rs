use super::Results;
use super::cells::{found, or_none, rounded, times};
use super::results::{of_peer, role};
use crate::compare::{on, ratio};
use crate::peers::{BARE_SHAPE, NAIVE, NAIVE_FRESH, OURS, OURS_FRESH, Role, SHUTTLE, SIXTY_AWAITS};
use crate::table::Table;

/// The lines of the design's table that the peers decide, each with its goal.
pub(super) fn goals(results: &Results<'_>) -> String {
    let mut table = Table::new(["goal", "measured", "wanted"]);
    let pace = |peer| of_peer(results, peer).and_then(|measured| on(measured, BARE_SHAPE)?.pace);
    if let Some(own) = pace(OURS_FRESH) {
        let own = own.executions_a_second;
        let what = "executions/s, 3 users x 4 awaits, fresh runtime";
        table.push([what.to_owned(), rounded(own), "300,000".to_owned()]);
        for (peer, wanted) in [(NAIVE, "10x"), (NAIVE_FRESH, ""), (SHUTTLE, "1.5x")] {
            if let Some(theirs) = pace(peer) {
                let times = format!("{:.1}x", own / theirs.executions_a_second);
                table.push([format!("the same, against {peer}"), times, wanted.to_owned()]);
            }
        }
    }
    if let Some((ours, naive)) = of_peer(results, OURS).zip(of_peer(results, NAIVE))
        && let Some((ours, naive)) = on(ours, SIXTY_AWAITS).zip(on(naive, SIXTY_AWAITS))
    {
        table.push([
            "a leak of 2 preemptions in 60 awaits, found".to_owned(),
            found(ours),
            "all".to_owned(),
        ]);
        let faster = ratio(ours.seconds_a_leak(), naive.seconds_a_leak());
        table.push([
            format!("the time of {NAIVE} against its"),
            or_none(faster.map(times)),
            "500x".to_owned(),
        ]);
    }
    for (role, wanted) in [(Role::Single, "at most 2.5x"), (Role::Told, "")] {
        for (number, (shape, strategy, worst)) in against(results, role).into_iter().enumerate() {
            if number == 0 || worst > 2.5 {
                let what = format!("portfolio against {strategy}, {shape}");
                table.push([what, format!("{worst:.2}x"), wanted.to_owned()]);
            }
        }
    }
    table.to_string()
}

/// The executions for a leak of the portfolio, against those of the strategy that needs least, shape by shape; worst
/// first.
fn against<'r>(results: &'r Results<'_>, singles: Role) -> Vec<(&'r str, &'r str, f64)> {
    let Some(ours) = of_peer(results, OURS) else {
        return Vec::new();
    };
    let mut worst = Vec::new();
    for one in ours {
        let ratios = results
            .iter()
            .filter(|(peer, _)| role(peer) == singles)
            .filter_map(|(peer, measured)| {
                let single = on(measured, &one.shape)?.executions_a_leak();
                let ratio = ratio(single, one.executions_a_leak())?;
                Some((one.shape.as_str(), *peer, ratio.times))
            });
        worst.extend(ratios.max_by(|a, b| a.2.total_cmp(&b.2)));
    }
    worst.sort_by(|a, b| b.2.total_cmp(&a.2));
    worst
}
