use crate::conformance::bench::Bench;
use crate::conformance::visit::Visit;
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::trace::User;

/// Users ask twice, the second time in a conversation that has begun, and once something that fails, and get what they get alone.
pub(super) fn check<S: Subject>(of: &Conformance<S>) -> Check<Bench<S>> {
    of.users(2, 1, async |user: &User, bench: &Bench<S>| {
        let visit = Visit::begin(user, bench).await?;
        visit.ask_about_card().await;
        visit.ask("and until when?").await;
        if let Some(failing) = bench.subject.failing_prompt() {
            visit.ask(failing).await;
        }
        visit.close().await
    })
}
