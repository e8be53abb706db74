use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::{Visit, see_own};
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// What is added to a context shows in the context that is returned, and in no other.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    of.facts(2, 8, async move |user: &User, bench: &Bench<S>| {
        see_own(user);
        let visit = Visit::begin(user, bench).await?;
        let context = bench.subject.context(&visit.engine);
        let Some(context) = needed.or_note("context", context) else {
            return Ok(());
        };
        let before = context.entries();
        let changed = context.with_entry("note", &user.secret("note"));
        if context.entries() != before {
            report(
                user,
                Kind::MutableContext,
                "what was added to a context shows in the context that was handed out",
            );
        }
        if changed.entries() == before {
            report(
                user,
                Kind::MutableContext,
                "what was added to a context shows nowhere",
            );
        }
        if let (Some(child), Some(sibling)) = (context.child("first"), context.child("second")) {
            let of_sibling = sibling.entries();
            drop(child.with_entry("note of a child", "seen by nobody else"));
            drop(child);
            if sibling.entries() != of_sibling {
                report(
                    user,
                    Kind::MutableContext,
                    "what was added to a child context shows in its sibling",
                );
            }
            if context.entries() != before {
                report(
                    user,
                    Kind::MutableContext,
                    "what was added to a child context shows in its parent",
                );
            }
        }
        visit.ask_about_card().await;
        if context.entries() != before {
            report(
                user,
                Kind::MutableContext,
                "a run changed the context that was handed out before",
            );
        }
        visit.close().await
    })
}
