//! What a bounded enumeration runs, and what its certificate says.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use ssot_harness::interleave::{
    Decision, Driver, Ending, Enumeration, FutureActor, Level, RandomWalk, Replay, Runnable, RuntimeTopology,
    Schedule, Shape, Strategy,
};

use crate::search::actors::{awaits, run_on, run_once, script, spawn_within_a_task};

/// Runs all that an enumeration has to offer over actors with this many awaits each.
fn enumerate(users: usize, count: usize, preemptions: u32) -> Enumeration {
    let mut driver = Driver::new();
    let mut enumeration = Enumeration::new(u64::MAX, preemptions);
    let shape = Shape::of(vec![u32::try_from(count).unwrap() + 1; users]);
    let mut seen = HashSet::new();
    while enumeration.begin(&shape) {
        let mut session = driver.session(RuntimeTopology::One);
        let mut actors: Vec<_> = (0..users).map(|_| FutureActor::new(awaits(count))).collect();
        let run = session.run(&mut actors, &mut enumeration);
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
                RuntimeTopology::One,
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

/// Budgets that end in the middle of a level, with its last schedule, and with the last that there is.
#[test]
fn a_certificate_says_no_more_than_was_run_whatever_the_budget() {
    let mut driver = Driver::new();
    driver.allow_drops(1);
    let mut certificate_of = |budget| {
        let mut enumeration = Enumeration::new(budget, u32::MAX);
        while enumeration.begin(&Shape::of(vec![3; 2])) {
            let actors = (0..2).map(|_| script(awaits(2))).collect();
            run_on(&mut driver, RuntimeTopology::One, &mut enumeration, actors);
        }
        enumeration.certificate()
    };
    let whole = certificate_of(u64::MAX).unwrap();
    assert!(whole.is_exhaustive());
    let all: u64 = whole.levels().iter().map(Level::schedules).sum();
    let full: BTreeMap<_, _> = whole.levels().iter().map(|level| (cost(level), level)).collect();
    for budget in 1..=all {
        let Some(part) = certificate_of(budget) else {
            assert_eq!(budget, 1, "2 schedules need no preemption");
            continue;
        };
        assert_eq!(part.is_exhaustive(), budget == all, "{budget} executions: {part}");
        for level in part.levels() {
            let is_all = level.schedules() == full[&cost(level)].schedules();
            assert_eq!(level.is_complete(), is_all, "{budget} executions: {level:?}");
        }
    }
}

fn cost(level: &Level) -> (u32, u32) {
    (level.preemptions(), level.drops())
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
            RuntimeTopology::One,
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

#[test]
fn no_more_calls_are_dropped_than_allowed() {
    for allowed in 0..=2 {
        let mut driver = Driver::new();
        driver.allow_drops(allowed);
        let shape = Shape {
            drops: allowed,
            ..Shape::of(vec![3; 3])
        };
        let mut enumeration = Enumeration::new(3_000, u32::MAX);
        let mut most = 0;
        while enumeration.begin(&shape) {
            let actors = (0..3).map(|_| script(awaits(2))).collect();
            let run = run_on(&mut driver, RuntimeTopology::One, &mut enumeration, actors);
            let drops = run
                .decisions()
                .iter()
                .filter(|decision| matches!(decision, Decision::Drop { .. }));
            most = most.max(drops.count());
        }
        assert_eq!(most, allowed as usize);
    }
}

/// Whether a runtime that was left had another task shows only when it is tried.
#[test]
fn leaving_a_runtime_is_a_preemption_where_it_had_a_task() {
    let (ben, tasks) = (Runnable::Actor(1), Runnable::Runtime(0));
    for (text, preempted) in [
        ("v1:one@0:1,s0x2,1,2x2", &[][..]),
        ("v1:one@0:1,s0x2,2x2,1", &[]),
        ("v1:one@0:1,s0,2x2,s0,1", &[(2, tasks)]),
        ("v1:one@0:1,2,s0,2,s0,1", &[(2, ben), (3, tasks)]),
    ] {
        let spawning = async {
            spawn_within_a_task(async {}).await.await.unwrap();
        };
        let schedule: Schedule = text.parse().unwrap();
        let actors = vec![script(spawning), script(awaits(1))];
        let run = run_once(RuntimeTopology::One, &mut Replay::new(schedule.clone()), actors);
        assert_eq!(*run.ending(), Ending::Done, "{text}");
        assert_eq!(run.schedule(0), schedule);
        let at = (0..run.decisions().len()).filter_map(|at| Some((at, run.preempted_at(at)?)));
        assert_eq!(at.collect::<Vec<_>>(), preempted, "{text}");
        assert_eq!(run.preemptions() as usize, preempted.len(), "{text}");
    }
}

/// What a runtime has in its queue is found out by trying; a schedule that turns out not to exist is none.
#[test]
fn schedules_of_spawned_tasks_are_each_run_once_and_none_is_missing() {
    let actors = || {
        let spawning = || {
            script(async {
                let (tell, told) = tokio::sync::oneshot::channel::<()>();
                let inner = spawn_within_a_task(told).await;
                tell.send(()).unwrap();
                inner.await.unwrap().unwrap();
            })
        };
        vec![spawning(), spawning()]
    };
    for topology in RuntimeTopology::ALL {
        let mut driver = Driver::new();
        let mut enumeration = Enumeration::new(u64::MAX, u32::MAX);
        let shape = Shape {
            spawns: true,
            ..Shape::of(vec![3; 2])
        };
        let mut schedules = BTreeMap::new();
        while enumeration.begin(&shape) {
            let run = run_on(&mut driver, topology, &mut enumeration, actors());
            if run.divergence().is_none() {
                let text = run.schedule(0).to_string();
                let again = schedules.insert(text.clone(), run.preemptions());
                assert_eq!(again, None, "{text} was run twice");
            }
        }
        let certificate = enumeration.certificate().unwrap();
        assert!(certificate.is_exhaustive());
        assert_eq!(certificate.schedules(), schedules.len() as u64, "{topology}");
        for level in certificate.levels() {
            let with = schedules
                .values()
                .filter(|&&preemptions| preemptions == level.preemptions());
            // Where both share a runtime, one that is left may have got another task before it is tried.
            if topology != RuntimeTopology::One {
                assert_eq!(level.schedules(), with.count() as u64, "{topology}: {level:?}");
            }
        }
        let mut walk = RandomWalk::new(4);
        for _ in 0..5_000 {
            walk.begin(&shape);
            let text = run_on(&mut driver, topology, &mut walk, actors())
                .schedule(0)
                .to_string();
            assert!(schedules.contains_key(&text), "{text} was not run");
        }
    }
}

#[test]
fn dropped_calls_have_levels_of_their_own() {
    // Two users with two awaits each. Without a preemption one goes before the other, and either can be dropped after
    // each of two polls; with one, the first is left after either of its awaits, or the second is.
    let complete = (Some((1, 6)), Some((0, 8)));
    let begun = |budget, bound| {
        let mut driver = Driver::new();
        driver.allow_drops(1);
        let shape = Shape {
            drops: 1,
            ..Shape::of(vec![3; 2])
        };
        let mut enumeration = Enumeration::new(budget, bound);
        while enumeration.begin(&shape) {
            let actors = vec![script(awaits(2)), script(awaits(2))];
            let run = run_on(&mut driver, RuntimeTopology::One, &mut enumeration, actors);
            assert_eq!(*run.ending(), Ending::Done);
        }
        assert!(enumeration.begun() <= budget);
        let certificate = enumeration.certificate();
        (
            certificate
                .as_ref()
                .map(|certificate| (certificate.preemptions(), certificate.schedules())),
            certificate.and_then(|certificate| certificate.with_one_drop()),
        )
    };
    assert_eq!(begun(u64::MAX, 0), (Some((0, 2)), Some((0, 8))));
    for (budget, expected) in [
        (1, (None, None)),
        (2, (Some((0, 2)), None)),
        (5, (Some((0, 2)), None)),
        (6, (Some((1, 6)), None)),
        (13, (Some((1, 6)), None)),
        (14, complete),
        (15, complete),
    ] {
        assert_eq!(begun(budget, u32::MAX), expected, "{budget} executions");
    }
}
