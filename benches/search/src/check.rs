//! A shape as a test of it would be written: with the check.

use std::sync::Arc;
use std::time::Duration;

use ssot_harness::prelude::*;

use crate::shapes::{Guest, Shape, System};

/// A machine that is busy is no reason to search less.
const LONG: Duration = Duration::from_secs(600);

/// The check of a shape, with the defaults of one.
pub fn check(shape: Shape) -> Check<Arc<dyn System>> {
    let build = shape.build;
    isolation(async move || build())
        .users(shape.users, async |user: &User, system: &Arc<dyn System>| {
            let observer = user.observer();
            let guest = Guest::new(user.index(), user.secret("token"), move |text| {
                observer.saw(Surface::Reply, text);
            });
            Arc::clone(system).user(guest).await;
            Ok(())
        })
        .cancellations(shape.depth.drops.max(1))
        // The one question of every driver is whether a token is seen by another.
        .without_solo_comparison()
        .within(LONG)
        .without_regressions()
}
