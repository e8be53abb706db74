use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::{see_own, twin};
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// One user sets a value for all while another one comes in. In the end each has the value.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    const USERS: usize = 2;
    of.facts(USERS, 2, async move |user: &User, bench: &Bench<S>| {
        see_own(user);
        let Some(settings) = needed.or_note("settings", bench.subject.settings()) else {
            return Ok(());
        };
        settings.open(user.context()).await?;
        if user.index() == 0 {
            settings.open(&twin(user.context())).await?;
            settings.update_all("the new value").await?;
        }
        // Who comes last sees what became of all, by its own session.
        if bench.is_last(USERS) && settings.value(user.context()).as_deref() != Some("the new value") {
            report(
                user,
                Kind::EventMissing,
                "a value that was set for all users did not reach one who came meanwhile",
            );
        }
        Ok(())
    })
    .cancellations(0)
}
