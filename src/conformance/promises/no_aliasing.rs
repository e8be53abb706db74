use crate::conformance::alias_probe;
use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::{Visit, see_own, twin};
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// A run of one engine changes nothing that another one holds.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    of.facts(2, 4, async move |user: &User, bench: &Bench<S>| {
        see_own(user);
        let visit = Visit::begin(user, bench).await?;
        let other = bench
            .subject
            .create(&twin(user.context()), bench.client(user))
            .await?;
        if needed.or_note("state", bench.subject.state(&other)).is_none() {
            return Ok(());
        }
        let alias = alias_probe(
            || bench.subject.state(&other),
            async || {
                visit.ask_about_card().await;
            },
        )
        .await;
        if let Some(alias) = alias {
            let detail = format!("a run of one engine changed `{}` of another one", alias.pointer);
            report(user, Kind::SharedInstance, detail);
        }
        bench.subject.close(&other).await?;
        visit.close().await
    })
}
