use crate::conformance::bench::Bench;
use crate::conformance::findings::report;
use crate::conformance::visit::{Visit, about_card, twin};
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;
use crate::user::UserContext;

/// What programs put in place of an id that they do not have: short and long, with and without a part that makes it unique.
const PLACEHOLDERS: [&str; 8] = [
    "",
    " ",
    "unknown",
    "default",
    "None",
    "unknown_user_5f3a9c0d2b7e4f61a8d3c7b2",
    "default-7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "placeholder_user_for_background_tasks_and_migrations",
];

/// No engine is created for an identity that is none, and none works under the context of another user.
pub(super) fn check<S: Subject>(of: &Conformance<S>) -> Check<Bench<S>> {
    of.facts(2, 8, async |user: &User, bench: &Bench<S>| {
        for placeholder in PLACEHOLDERS {
            for (field, context) in with_placeholder(user.context(), placeholder) {
                if let Ok(engine) = bench.subject.create(&context, bench.client(user)).await {
                    let detail = format!("the {field} id {placeholder:?} was accepted");
                    report(user, Kind::InvalidIdentity, detail);
                    bench.subject.close(&engine).await?;
                }
            }
        }
        let visit = Visit::begin(user, bench).await?;
        visit.ask_about_card().await;
        let foreign = twin(user.context());
        let ran = bench
            .subject
            .run_under(&visit.engine, &foreign, &about_card(user))
            .await;
        if let Some(Ok(_)) = ran {
            report(
                user,
                Kind::Misattribution,
                "a run was answered under the context of another user",
            );
        }
        visit.close().await
    })
}

/// The context with the placeholder in place of its user and of its session.
fn with_placeholder(context: &UserContext, placeholder: &str) -> [(&'static str, UserContext); 2] {
    let (mut of_user, mut of_session) = (context.clone(), context.clone());
    of_user.user = placeholder.into();
    of_session.session = placeholder.into();
    [("user", of_user), ("session", of_session)]
}
