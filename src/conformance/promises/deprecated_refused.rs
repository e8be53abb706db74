use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::{Visit, see_own};
use crate::conformance::{Conformance, Disguise, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// A deprecated implementation is refused in every disguise, and the canonical one is accepted.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    of.facts(2, 8, async move |user: &User, bench: &Bench<S>| {
        see_own(user);
        let visit = Visit::begin(user, bench).await?;
        for disguise in Disguise::ALL {
            let offered = bench.subject.offer(&visit.engine, disguise).await;
            let Some(offered) = needed.or_note("offer", offered) else {
                return Ok(());
            };
            match (disguise, offered) {
                (Disguise::Canonical, Err(error)) => {
                    let detail = format!("{} was refused: {error}", disguise.described());
                    report(user, Kind::ContractDrift, detail);
                }
                (Disguise::Canonical, Ok(())) | (_, Err(_)) => {}
                (_, Ok(())) => {
                    let detail = format!("{} was accepted", disguise.described());
                    report(user, Kind::DeprecatedAccepted, detail);
                }
            }
        }
        visit.close().await
    })
}
