use crate::conformance::bench::Bench;
use crate::conformance::findings::report;
use crate::conformance::visit::Visit;
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// Users come in, ask and leave. Each gets an answer to what it asked, and the events of its run.
pub(super) fn check<S: Subject>(of: &Conformance<S>) -> Check<Bench<S>> {
    of.facts(3, 4, async |user: &User, bench: &Bench<S>| {
        let visit = Visit::begin(user, bench).await?;
        let answer = visit.ask_about_card().await;
        if !answer.is_some_and(|answer| answer.contains(&user.secret("card"))) {
            report(
                user,
                Kind::EventMissing,
                "a user asked, and the answer did not arrive",
            );
        }
        visit.close().await
    })
    .oracle(of.event_order())
}
