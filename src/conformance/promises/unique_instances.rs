use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::{Visit, see_own};
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// Each user creates two engines; no two that exist at the same time may be at the same address.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    of.facts(2, 4, async move |user: &User, bench: &Bench<S>| {
        see_own(user);
        let first = Visit::begin(user, bench).await?;
        let mut registered = Vec::new();
        // A limit of one engine is no fault.
        let second = Visit::begin(user, bench).await.ok();
        for visit in [Some(&first), second.as_ref()].into_iter().flatten() {
            let address = bench.subject.address(&visit.engine);
            let Some(address) = needed.or_note("address", address) else {
                return Ok(());
            };
            match bench.register(address) {
                Ok(guard) => registered.push(guard),
                Err(()) => report(
                    user,
                    Kind::SharedInstance,
                    "an engine was handed out that somebody else has",
                ),
            }
        }
        first.ask_about_card().await;
        drop(registered);
        first.close().await
    })
}
