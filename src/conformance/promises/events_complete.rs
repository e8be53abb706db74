use crate::conformance::bench::Bench;
use crate::conformance::findings::report;
use crate::conformance::visit::Visit;
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// Users run what is answered, also while their client refuses an event, or loses the acknowledgement of one.
pub(super) fn check<S: Subject>(of: &Conformance<S>) -> Check<Bench<S>> {
    of.facts(2, 2, async |user: &User, bench: &Bench<S>| {
        let visit = Visit::begin(user, bench).await?;
        visit.ask_about_card().await;
        visit.client.lose_acknowledgement_after(0);
        visit.ask("one whose first event is not acknowledged").await;
        visit.client.lose_acknowledgement_after(1);
        visit.ask("one whose second event is not acknowledged").await;
        visit.client.refuse_after(1);
        let answered = visit.ask("one whose second event is refused").await.is_some();
        visit.close().await?;
        if answered && visit.client.has_lost() {
            let detail = "a call was answered, and an event of it that the client had refused never arrived";
            report(user, Kind::EventMissing, detail);
        }
        Ok(())
    })
    .oracle(of.event_order())
}
