//! What a bounded enumeration runs, and what its certificate says.

use std::collections::{BTreeSet, HashSet};

use ssot_harness::interleave::{Driver, Ending, Enumeration, FutureActor, Layout, Shape, Strategy};

use crate::actors::{awaits, run_on, script};

/// Runs all that an enumeration has to offer over actors with this many awaits each.
fn enumerate(users: usize, count: usize, preemptions: u32) -> Enumeration {
    let mut driver = Driver::new();
    let mut enumeration = Enumeration::new(u64::MAX, preemptions);
    let shape = Shape::of(vec![u32::try_from(count).unwrap() + 1; users]);
    let mut seen = HashSet::new();
    while enumeration.begin(&shape) {
        let mut stage = driver.stage(Layout::One);
        let mut actors: Vec<_> = (0..users).map(|_| FutureActor::new(awaits(count))).collect();
        let run = stage.run(&mut actors, &mut enumeration);
        assert_eq!(*run.ending(), Ending::Done);
        assert!(run.preemptions() <= preemptions);
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

#[test]
fn a_certificate_is_not_given_for_what_was_not_run() {
    let mut driver = Driver::new();
    let shape = Shape::of(vec![5; 3]);
    for (budget, expected) in [
        (5, None),
        (6, Some((0, 6))),
        (77, Some((0, 6))),
        (78, Some((1, 78))),
        (689, Some((1, 78))),
    ] {
        let mut enumeration = Enumeration::new(budget, u32::MAX);
        while enumeration.begin(&shape) {
            run_on(
                &mut driver,
                Layout::One,
                &mut enumeration,
                (0..3).map(|_| script(awaits(4))).collect(),
            );
        }
        let certificate = enumeration
            .certificate()
            .map(|certificate| (certificate.preemptions(), certificate.schedules()));
        assert_eq!(certificate, expected, "{budget} executions");
    }
}

#[test]
fn every_await_is_dropped_once_where_one_drop_is_allowed() {
    // With nobody else there: a call of k awaits can be in flight after each of its first k polls.
    let mut driver = Driver::new();
    driver.allow_drops(1);
    let shape = Shape {
        drops: 1,
        ..Shape::of(vec![5])
    };
    let mut enumeration = Enumeration::new(u64::MAX, u32::MAX);
    let mut dropped_after = BTreeSet::new();
    while enumeration.begin(&shape) {
        let run = run_on(
            &mut driver,
            Layout::One,
            &mut enumeration,
            vec![script(awaits(4))],
        );
        if run.dropped()[0] {
            dropped_after.insert(run.polls()[0]);
        }
    }
    assert_eq!(dropped_after, BTreeSet::from([1, 2, 3, 4]));
    assert_eq!(enumeration.certificate().unwrap().with_one_drop(), Some((0, 4)));
}
