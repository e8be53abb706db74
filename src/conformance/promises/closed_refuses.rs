use std::cell::Cell;

use crate::conformance::bench::Bench;
use crate::conformance::findings::report;
use crate::conformance::visit::{Visit, about_card, see_own};
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// An engine is closed while one call runs and another one waits; neither the one that waits nor a later one is answered after the
/// engine was closed.
pub(super) fn check<S: Subject>(of: &Conformance<S>) -> Check<Bench<S>> {
    of.facts(2, 2, async |user: &User, bench: &Bench<S>| {
        see_own(user);
        let visit = Visit::begin(user, bench).await?;
        let (subject, prompt) = (&bench.subject, about_card(user));
        let is_closed = Cell::new(false);
        let run = async || {
            let answered = subject.run(&visit.engine, &prompt).await.is_ok();
            if answered && is_closed.get() {
                report(
                    user,
                    Kind::UseAfterClose,
                    "a call was answered after the engine had been closed",
                );
            }
        };
        let close = async {
            let closed = visit.close().await;
            is_closed.set(true);
            closed
        };
        let ((), (), closed) = tokio::join!(biased; run(), run(), close);
        closed?;
        run().await;
        Ok(())
    })
}
