use crate::conformance::bench::{Bench, Needed};
use crate::conformance::visit::{Visit, about_card};
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::trace::{Surface, User};
use crate::user::UserContext;

/// After creations that were refused, engines that were closed, and calls that were dropped, what is live is what was live before.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    of.facts(2, 1, async move |user: &User, bench: &Bench<S>| {
        if needed.or_note("live", bench.subject.live()).is_none() {
            return Ok(());
        }
        let nobody = UserContext {
            session: "".into(),
            ..user.context().clone()
        };
        if let Ok(engine) = bench.subject.create(&nobody, bench.client(user)).await {
            bench.subject.close(&engine).await?;
        }
        let first = Visit::begin(user, bench).await?;
        // A limit of one engine is no fault.
        let second = Visit::begin(user, bench).await.ok();
        let subject = &bench.subject;
        let prompt = about_card(user);
        let (a, b) =
            tokio::join!(biased; subject.run(&first.engine, &prompt), subject.run(&first.engine, &prompt));
        for answer in [a, b].into_iter().flatten() {
            user.saw(Surface::Reply, &answer);
        }
        if let Some(second) = second {
            second.close().await?;
        }
        first.close().await
    })
    .inspect(|bench: &Bench<S>| bench.subject.live())
}
