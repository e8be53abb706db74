use crate::conformance::alias_probe;
use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::{Visit, see_own, twin};
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// An engine that claims to share no state with another one is not changed by a run of that one.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    of.facts(2, 8, async move |user: &User, bench: &Bench<S>| {
        see_own(user);
        let visit = Visit::begin(user, bench).await?;
        let other = bench
            .subject
            .create(&twin(user.context()), bench.client(user))
            .await?;
        let state = needed.or_note("state", bench.subject.state(&other));
        let attested = needed.or_note("attests_isolation", bench.subject.attests_isolation(&other));
        let (Some(_), Some(attested)) = (state, attested) else {
            return Ok(());
        };
        let alias = alias_probe(
            || bench.subject.state(&other),
            async || {
                visit.ask_about_card().await;
            },
        )
        .await;
        let still_attested = bench.subject.attests_isolation(&other) == Some(true);
        if let Some(alias) = alias.filter(|_| attested && still_attested) {
            let detail = format!(
                "an engine claims to share no state, and a run of another one changed its `{}`",
                alias.pointer
            );
            report(user, Kind::FalseAttestation, detail);
        }
        bench.subject.close(&other).await?;
        visit.close().await
    })
}
