use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::Visit;
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// Between runs, all places say the same about them.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    of.facts(2, 4, async move |user: &User, bench: &Bench<S>| {
        let visit = Visit::begin(user, bench).await?;
        visit.ask_about_card().await;
        let looks = |when: &str| -> Option<()> {
            let views = needed.or_note("status_views", bench.subject.status_views(&visit.engine))?;
            if let Some([one, other]) = views.windows(2).find(|pair| pair[0] != pair[1]) {
                let detail = format!("{when}, one place says {one}, and another one {other}");
                report(user, Kind::InconsistentState, detail);
            }
            Some(())
        };
        if looks("after a run that was answered").is_none() {
            return Ok(());
        }
        if let Some(failing) = bench.subject.failing_prompt() {
            visit.ask(failing).await;
            looks("after a run that failed");
        }
        visit.close().await
    })
}
