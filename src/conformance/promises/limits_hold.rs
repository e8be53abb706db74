use std::future::poll_fn;
use std::task::Poll;

use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::see_own;
use crate::conformance::{Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// A user creates one engine more than the limit, all at once.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    of.facts(2, 4, async move |user: &User, bench: &Bench<S>| {
        see_own(user);
        let Some(limit) = needed.or_note("engine_limit", bench.subject.engine_limit()) else {
            return Ok(());
        };
        let creations = (0..=limit).map(|_| bench.subject.create(user.context(), bench.client(user)));
        let mut engines = Vec::new();
        let mut creations: Vec<_> = creations.map(|creation| Some(Box::pin(creation))).collect();
        poll_fn(|cx| {
            for slot in &mut creations {
                if let Some(creation) = slot
                    && let Poll::Ready(created) = creation.as_mut().poll(cx)
                {
                    engines.extend(created.ok());
                    *slot = None;
                }
            }
            if creations.iter().all(Option::is_none) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        if engines.len() > limit {
            let detail = format!("a user has {} engines, and the limit is {limit}", engines.len());
            report(user, Kind::LimitExceeded, detail);
        }
        for engine in &engines {
            bench.subject.close(engine).await?;
        }
        Ok(())
    })
}
