use std::time::Duration;

use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::{Visit, see_own};
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// Longer than a run may take that takes too long: what goes on after it still sends its events then.
const LATE: Duration = Duration::from_secs(3_600);

/// A run that fails, or takes too long, returns an error, and its last event says so and is the last.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    of.facts(2, 4, async move |user: &User, bench: &Bench<S>| {
        see_own(user);
        let visit = Visit::begin(user, bench).await?;
        let failing = bench.subject.failing_prompt();
        let Some(failing) = needed.or_note("failing_prompt", failing) else {
            return Ok(());
        };
        if visit.ask(failing).await.is_some() {
            report(user, Kind::FalseSuccess, "a run that failed was answered");
        }
        if let Some(slow) = bench.subject.slow_prompt() {
            visit.ask(slow).await;
            tokio::time::sleep(LATE).await;
        }
        visit.close().await
    })
    .oracle(of.event_order())
}
