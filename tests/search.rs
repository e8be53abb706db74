//! The guarantees of the search: what is enumerated, what replays, how executions end.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use ssot_harness::interleave::{
    Actor, Decision, Driver, Ending, Enumeration, FutureActor, Layout, Mix, Pct, Portfolio, RandomWalk,
    Replay, Run, Schedule, Serial, Shape, SparseDeviations, Strategy, UniformWalk,
};
use tokio::task::yield_now;

type Script<'a> = FutureActor<dyn Future<Output = ()> + 'a>;

fn script<'a>(future: impl Future<Output = ()> + 'a) -> Script<'a> {
    FutureActor::boxed(Box::pin(future))
}

async fn awaits(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

/// Runs what a strategy has to offer over actors with this many awaits each.
fn enumerate(users: usize, count: usize, preemptions: u32) -> Enumeration {
    let mut driver = Driver::new();
    let mut enumeration = Enumeration::new(u64::MAX, preemptions);
    let shape = Shape::of(vec![u32::try_from(count).unwrap() + 1; users]);
    let mut seen = std::collections::HashSet::new();
    while enumeration.begin(&shape) {
        let mut stage = driver.stage(Layout::One);
        let mut actors: Vec<_> = (0..users).map(|_| FutureActor::new(awaits(count))).collect();
        let run = stage.run(&mut actors, &mut enumeration);
        assert_eq!(*run.ending(), Ending::Done);
        assert!(
            seen.insert(run.decisions().to_vec()),
            "{} was run twice",
            run.schedule(0)
        );
    }
    enumeration
}

#[test]
fn bounded_enumeration_counts_what_the_closed_form_says() {
    for (users, count, expected) in [
        (2, 4, &[2, 10, 42, 90][..]),
        (2, 6, &[2, 14, 86, 266]),
        (2, 8, &[2, 18, 146, 594]),
        (3, 4, &[6, 78, 690, 4_050]),
        (3, 6, &[6, 114, 1_500, 13_380]),
        (3, 8, &[6, 150, 2_622, 31_422]),
    ] {
        for (preemptions, &schedules) in (0..).zip(expected) {
            let certificate = enumerate(users, count, preemptions).certificate().unwrap();
            assert_eq!(certificate.preemptions(), preemptions);
            assert_eq!(
                certificate.schedules(),
                schedules,
                "{users} users, {count} awaits, {preemptions} preemptions"
            );
            assert!(!certificate.is_exhaustive());
        }
    }
}

#[test]
fn unbounded_enumeration_counts_every_interleaving() {
    for (users, count, schedules) in [(2, 4, 252), (2, 6, 3_432), (2, 8, 48_620), (3, 2, 1_680)] {
        let certificate = enumerate(users, count, u32::MAX).certificate().unwrap();
        assert!(certificate.is_exhaustive());
        assert_eq!(
            certificate.schedules(),
            schedules,
            "{users} users, {count} awaits"
        );
    }
}
