//! What strategies and the shrinker promise.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use ssot_harness::interleave::{
    Cost, Driver, Ending, Guided, Layout, Pct, RandomWalk, Run, Shape, Strategy, UniformWalk, shrink,
};
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::actors::{run_on, script};

/// A failure that needs so many preemptions, in windows one step wide: user 2 begins right after user 1's step `a`; user
/// 1 goes on right after user 2's step `b`; user 2 goes on right after user 1's step `c`.
fn windows(
    strategy: &mut dyn Strategy,
    driver: &mut Driver,
    users: usize,
    steps: usize,
    preemptions: usize,
) -> (Run, bool) {
    let log = RefCell::new(Vec::new());
    let user = |number: usize| {
        let log = &log;
        async move {
            for step in 0..=steps {
                log.borrow_mut().push((number, step));
                if step < steps {
                    yield_now().await;
                }
            }
        }
    };
    let run = run_on(
        driver,
        Layout::One,
        strategy,
        (0..users).map(|number| script(user(number))).collect(),
    );
    let (a, b, c) = (steps / 3, steps / 2, 2 * steps / 3);
    let needed = [[(0, a), (1, 0)], [(1, b), (0, a + 1)], [(0, c), (1, b + 1)]];
    let log = log.into_inner();
    let hit = needed[..preemptions]
        .iter()
        .all(|pair| log.windows(2).any(|two| two == pair));
    (run, hit)
}

/// PCT finds a bug of depth d among n actors and k steps with a probability of at least 1/(n·k^(d−1)).
#[test]
fn pct_keeps_its_promise() {
    let mut driver = Driver::new();
    for (users, steps, preemptions, executions) in [(2, 10, 1, 4_000), (3, 10, 1, 6_000), (2, 8, 2, 40_000)] {
        // A preemption that must fall on one step is an ordering more.
        let depth = preemptions + 1;
        let k = users * (steps + 1);
        let shape = Shape::of(vec![u32::try_from(steps).unwrap() + 1; users]);
        let mut pct = Pct::new(2_024, depth);
        let mut hits = 0_u32;
        for _ in 0..executions {
            pct.begin(&shape);
            let (_, hit) = windows(&mut pct, &mut driver, users, steps, preemptions);
            hits += u32::from(hit);
        }
        let possibilities = users * k.pow(u32::try_from(preemptions).unwrap());
        let promised = 1.0 / f64::from(u32::try_from(possibilities).unwrap());
        let rate = f64::from(hits) / f64::from(executions);
        // Four standard deviations of what chance may take away from a strategy that just keeps its promise.
        let slack = 4.0 * (promised / f64::from(executions)).sqrt();
        assert!(
            rate >= promised - slack,
            "{users} users, {steps} awaits, {preemptions} preemptions: {rate} of {promised}"
        );
        assert!(hits > 0);
    }
}

/// Every strategy finds what it is for, and the shrinker comes down to the preemptions that are needed.
#[test]
fn a_failure_shrinks_to_the_preemptions_it_needs() {
    let mut driver = Driver::new();
    for preemptions in 1..=2 {
        for seed in 0..31 {
            let shape = Shape::of(vec![11, 11]);
            let mut walk = UniformWalk::new(seed);
            let failing = (0..20_000).find_map(|_| {
                walk.begin(&shape);
                let (run, hit) = windows(&mut walk, &mut driver, 2, 10, preemptions);
                hit.then_some(run)
            });
            let failing = failing.expect("found within 20,000 executions");
            let before = Cost::of(&failing);
            let (smallest, attempts) = shrink(failing, 200, |list| {
                let (run, hit) = windows(&mut Guided::new(list), &mut driver, 2, 10, preemptions);
                hit.then_some(run)
            });
            let needed = u32::try_from(preemptions).unwrap();
            assert_eq!(
                smallest.preemptions(),
                needed,
                "seed {seed}: from {before:?} to {}",
                smallest.schedule(0)
            );
            assert!(attempts <= 200);
        }
    }
}

/// As many actors as there may be.
#[test]
fn a_thousand_actors_are_driven() {
    let mut driver = Driver::new();
    for layout in [Layout::One, Layout::PerActor] {
        for count in [1, 63, 64, 65, 1_024] {
            let mut walk = RandomWalk::new(9);
            let done = Cell::new(0);
            let actors = (0..count).map(|_| {
                let done = &done;
                script(async move {
                    yield_now().await;
                    sleep(Duration::from_millis(1)).await;
                    done.set(done.get() + 1);
                })
            });
            let run = run_on(&mut driver, layout, &mut walk, actors.collect());
            assert_eq!(*run.ending(), Ending::Done);
            assert_eq!(done.get(), count);
        }
    }
}
