//! Whole checks: every user alone, enumeration, portfolio, and for a failure its shrinking and its second run.

use std::sync::Arc;
use std::time::Instant;

use protocol::{Driver, Tally, Until};
use ssot_harness::prelude::*;

use crate::cast::repertoire;
use crate::shapes::{Guest, Shape, System};

/// A check divides its executions among its phases, and has no use for a number without end.
const MOST_EXECUTIONS: u64 = 10_000_000;

/// Checks with the defaults of one, but for the limits, which are those of every driver.
pub(crate) struct Checks(Vec<Shape>);

impl Default for Checks {
    fn default() -> Self {
        Self(repertoire())
    }
}

impl Driver for Checks {
    fn unfit(&self, _shape: usize) -> Option<&'static str> {
        None
    }

    fn execute(&mut self, shape: usize, seed: u64, until: Until) -> Tally {
        let shape = self.0[shape];
        if shape.needs.threads {
            return race(shape, seed, until);
        }
        let executions = until.executions.min(MOST_EXECUTIONS);
        run(until, || check(shape, until).executions(executions).seed(seed))
    }
}

/// Pairs of threads, which a check lets race where it is asked to.
pub(crate) fn race(shape: Shape, seed: u64, until: Until) -> Tally {
    let executions = until.executions.min(MOST_EXECUTIONS);
    run(until, || {
        check(shape, until).executions(1).seed(seed).race(executions)
    })
}

fn check(shape: Shape, until: Until) -> Check<Arc<dyn System>> {
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
        .without_regressions()
        .within(until.time)
}

/// The time is that of the whole check, with shrinking. A check ends with the first leak: where executions are to go on
/// after one, there are none to tell of.
fn run(until: Until, check: impl FnOnce() -> Check<Arc<dyn System>>) -> Tally {
    let start = Instant::now();
    let verdict = check().check();
    let time = start.elapsed();
    let (executions, leaked) = match &verdict {
        Ok(report) => (report.executions(), false),
        Err(_) if !until.leak => return Tally::default(),
        Err(failure) => {
            let violations = failure.violations();
            let leaked = violations
                .iter()
                .any(|violation| violation.kind() == Kind::ContextLeak);
            (failure.executions(), leaked)
        }
    };
    Tally {
        executions,
        time,
        decisions: None,
        leaked,
    }
}
