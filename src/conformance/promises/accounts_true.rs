use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::Visit;
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// After runs that were answered and that failed, events that were refused, and engines that did not close well, the counters of the
/// subject are what happened.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    const USERS: usize = 2;
    of.facts(USERS, 4, async move |user: &User, bench: &Bench<S>| {
        if needed.or_note("accounts", bench.subject.accounts()).is_none() {
            return Ok(());
        }
        let visit = Visit::begin(user, bench).await?;
        visit.ask_about_card().await;
        visit.client.refuse_after(1);
        visit.ask("one whose second event is refused").await;
        if let Some(failing) = bench.subject.failing_prompt() {
            visit.ask(failing).await;
        }
        if user.index() == 0 {
            visit.client.refuse_close();
        }
        let closed = visit.close().await;
        if closed.is_err() {
            bench.facts.borrow_mut().closes_failed += 1;
        } else if visit.client.closes_refused() > 0 {
            report(
                user,
                Kind::FalseAccounting,
                "closing an engine succeeded, and its client did not end well",
            );
        }
        drop(visit);
        if bench.is_last(USERS) {
            compare(user, bench);
        }
        Ok(())
    })
    .cancellations(0)
}

fn compare<S: Subject>(user: &User, bench: &Bench<S>) {
    let Some(claimed) = bench.subject.accounts() else {
        return;
    };
    let facts = bench.facts.borrow();
    let of_clients = |count: fn(&crate::conformance::Client) -> u64| facts.clients.iter().map(count).sum();
    for (what, claimed, happened) in [
        (
            "events delivered",
            claimed.delivered,
            of_clients(crate::conformance::Client::delivered),
        ),
        (
            "events not delivered",
            claimed.undelivered,
            of_clients(crate::conformance::Client::refused),
        ),
        ("runs answered", claimed.answered, facts.answered),
        ("runs failed", claimed.failed, facts.failed),
        (
            "engines not closed well",
            claimed.closes_failed,
            facts.closes_failed,
        ),
    ] {
        if let Some(claimed) = claimed.filter(|claimed| *claimed != happened) {
            let detail = format!("the system counts {claimed} {what}, and there were {happened}");
            report(user, Kind::FalseAccounting, detail);
        }
    }
}
