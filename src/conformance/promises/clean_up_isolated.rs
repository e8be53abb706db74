use crate::conformance::bench::Bench;
use crate::conformance::visit::Visit;
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::trace::User;

/// Users get what they get alone while others close their engines, and what is idle is swept.
pub(super) fn check<S: Subject>(of: &Conformance<S>) -> Check<Bench<S>> {
    of.users(2, 1, async |user: &User, bench: &Bench<S>| {
        let visit = Visit::begin(user, bench).await?;
        if let Some(swept) = bench.subject.sweep().await {
            swept?;
        }
        visit.ask_about_card().await;
        visit.close().await
    })
}
