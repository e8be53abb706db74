use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::Visit;
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// What is kept does not grow from the first runs to the next and the last.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    of.facts(2, 16, async move |user: &User, bench: &Bench<S>| {
        let visit = Visit::begin(user, bench).await?;
        visit.ask_about_card().await;
        // One user is enough, and the other one's runs would count too.
        if user.index() > 0 {
            return visit.close().await;
        }
        let runs = bench.subject.remembered_runs() + 1;
        let mut kept = Vec::new();
        for _ in 0..3 {
            for _ in 0..runs {
                visit.ask("and until when?").await;
            }
            let Some(footprint) = needed.or_note("footprint", bench.subject.footprint()) else {
                return Ok(());
            };
            kept.push(footprint);
        }
        // By an entry for each run: what other users leave meanwhile is less.
        if kept.windows(2).all(|pair| pair[1] >= pair[0] + runs) {
            let detail = format!("after {runs} runs, {runs} more and {runs} more, {kept:?} entries are kept");
            report(user, Kind::UnboundedGrowth, detail);
        }
        visit.close().await
    })
    .cancellations(0)
}
