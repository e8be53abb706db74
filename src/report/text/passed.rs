use super::facts::Facts;
use super::found::{coverage, left_out};
use super::page::{Line, Page, Tone};
use super::words::{counted, elapsed, grouped};
use crate::interleave::Shard;
use crate::report::OrdersSeen;
use crate::report::{Passed, Phase, Portion, Settled, Unseen};

/// How many points of the curve of behaviours are shown.
const CURVE: usize = 5;

/// What a person reads of a check that passed.
pub(super) fn write(page: &mut Page, report: &Passed) {
    let search = &report.search;
    page.line(Line::default().and(Tone::Good, "passed").and(
        Tone::Plain,
        format!(
            ": {} stayed apart in {} ({})",
            counted(search.users, "user"),
            counted(search.executions, "execution"),
            elapsed(search.elapsed)
        ),
    ));
    let mut facts = Facts::default();
    if let Some(test) = &report.test {
        facts.add("test", test);
    }
    coverage(&mut facts, search);
    left_out(&mut facts, &report.left_out);
    if let Some(OrdersSeen { seen, all }) = search.orders.filter(|orders| orders.all > 0) {
        let permille = 1_000 * seen / all;
        let (percent, tenth) = (permille / 10, permille % 10);
        let orders = format!(
            "{percent}.{tenth} % of the pairwise orders of the users' steps were seen ({} of {})",
            grouped(seen),
            grouped(all)
        );
        facts.add("orders", orders);
    }
    let stopped = |settled: Settled| {
        if search.settled == Some(settled) {
            "; the search stopped there"
        } else {
            ""
        }
    };
    if search.nothing_new > 0 {
        let last = counted(search.nothing_new, "execution");
        let stopped = stopped(Settled::NothingNew);
        facts.add("nothing new", format!("in the last {last}{stopped}"));
    }
    if let Some(unseen) = &search.unseen {
        let curve = curve(unseen);
        facts.add("behaviours", curve);
        let stopped = stopped(Settled::NewIsUnlikely);
        facts.add("unseen", format!("{}{stopped}", still_unseen(unseen)));
    }
    if search.shard != Shard::WHOLE {
        facts.add(
            "shard",
            format!(
                "{} of the search, which certifies nothing by itself",
                search.shard
            ),
        );
    }
    let enumerated = search
        .portions
        .iter()
        .any(|(portion, _)| *portion == Portion::Phase(Phase::Enumeration));
    if enumerated && search.certificate.is_none() && search.inputs == 0 && search.shard == Shard::WHOLE {
        let none = "none: not every schedule without a preemption was run";
        match search.dropped {
            Some(dropped) => facts.add(
                "certificate",
                format!(
                    "{none}; every call dropped after every poll: {}",
                    grouped(dropped)
                ),
            ),
            None => facts.add("certificate", none),
        }
    } else if search.certificate.is_none()
        && let Some(dropped) = search.dropped
    {
        facts.add(
            "certificate",
            format!("none; every call dropped after every poll: {}", grouped(dropped)),
        );
    }
    if !search.identities.is_empty() {
        facts.add(
            "identities",
            search
                .identities
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        );
    }
    facts.add("seed", search.seed.to_string());
    for caveat in &report.caveats {
        facts.add("caveat", caveat.to_string());
    }
    facts.write(page);
}

/// How many behaviours had been seen after how many executions.
fn curve(unseen: &Unseen) -> String {
    let first = unseen.curve.len().saturating_sub(CURVE);
    let points = unseen.curve[first..].iter();
    let points: Vec<_> = points
        .map(|&(executions, behaviours)| format!("{} after {}", grouped(behaviours), grouped(executions)))
        .collect();
    points.join(", ")
}

/// How likely the next execution is to behave in a new way.
fn still_unseen(unseen: &Unseen) -> String {
    let samples = counted(unseen.samples, "execution");
    match unseen.once {
        0 => format!("each of {samples} left to chance behaved as another did"),
        once => format!(
            "the next execution behaves in a new way with a probability of about {:.1} % ({} of {samples} left to chance behaved as no \
             other did)",
            100.0 * unseen.probability(),
            grouped(once)
        ),
    }
}
