//! What the shrinker promises, and how an edited schedule is followed.

use std::cell::Cell;
use std::collections::HashSet;
use std::time::Duration;

use ssot_harness::interleave::{
    Cost, Decision, Driver, Guided, Layout, Mix, RandomWalk, Run, Shape, Strategy, UniformWalk, shrink,
};
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::actors::{awaits, run_on, run_once, script, spawn_within_a_task, windows};

/// The first failure that a walk of this seed finds.
fn failing(driver: &mut Driver, seed: u64, users: usize, preemptions: usize) -> Run {
    let shape = Shape::of(vec![11; users]);
    let mut walk = UniformWalk::new(seed);
    let failing = (0..50_000).find_map(|_| {
        walk.begin(&shape);
        let (run, hit) = windows(&mut walk, driver, users, 10, preemptions);
        hit.then_some(run)
    });
    failing.expect("found within 50,000 executions")
}

/// The shrinker comes down to the preemptions that are needed, and hands over the cheapest failure that it saw.
#[test]
fn a_failure_shrinks_to_the_preemptions_it_needs() {
    let mut driver = Driver::new();
    // The last are hard to find.
    for (users, preemptions, seeds) in [(2, 1, 31), (2, 2, 31), (3, 1, 31), (2, 3, 8), (3, 2, 4)] {
        for seed in 0..seeds {
            let failing = failing(&mut driver, seed, users, preemptions);
            let before = Cost::of(&failing);
            assert_eq!(before.preemptions, failing.preemptions());
            let mut cheapest = before;
            let mut tried = HashSet::new();
            let (smallest, attempts) = shrink(failing, 200, |list| {
                assert!(tried.insert(list.to_vec()), "a list is tried once");
                let (run, hit) = windows(&mut Guided::new(list), &mut driver, users, 10, preemptions);
                if hit {
                    cheapest = cheapest.min(Cost::of(&run));
                }
                hit.then_some(run)
            });
            assert_eq!(
                smallest.preemptions(),
                u32::try_from(preemptions).unwrap(),
                "seed {seed}: from {before:?} to {}",
                smallest.schedule(0)
            );
            assert_eq!(Cost::of(&smallest), cheapest);
            assert_eq!(attempts, tried.len());
            assert!(attempts <= 200);
        }
    }
}

#[test]
fn what_costs_more_is_not_accepted() {
    let mut driver = Driver::new();
    let mut of_list = |list: &[Decision]| windows(&mut Guided::new(list), &mut driver, 2, 10, 0).0;
    let costly = of_list(&[run(0), run(1)].repeat(8));
    let cheap = of_list(&[run(0), run(1)].repeat(2));
    let (smallest, attempts) = shrink(cheap.clone(), 50, |_| Some(costly.clone()));
    assert!(attempts > 0);
    assert_eq!(smallest.decisions(), cheap.decisions());
}

#[test]
fn shrinking_keeps_to_its_budget() {
    let mut driver = Driver::new();
    let failing = failing(&mut driver, 5, 2, 1);
    for budget in 0..6 {
        let mut tried = 0;
        let (_, attempts) = shrink(failing.clone(), budget, |list| {
            tried += 1;
            let (run, hit) = windows(&mut Guided::new(list), &mut driver, 2, 10, 1);
            hit.then_some(run)
        });
        assert_eq!((attempts, tried), (budget, budget));
    }
}

/// What needs an await budget comes down to one preemption, however much goes on around it.
#[test]
fn a_failure_behind_a_ready_await_shrinks_too() {
    let mixed_up = |strategy: &mut dyn Strategy| {
        let slot = Cell::new(0);
        let mixed_up = Cell::new(false);
        let user = |number| {
            let (slot, mixed_up) = (&slot, &mixed_up);
            async move {
                awaits(4).await;
                let (tell, mut told) = mpsc::unbounded_channel();
                tell.send(()).unwrap();
                slot.set(number);
                told.recv().await.unwrap();
                mixed_up.set(mixed_up.get() | (slot.get() != number));
                awaits(2).await;
            }
        };
        let run = run_once(Layout::One, strategy, vec![script(user(1)), script(user(2))]);
        mixed_up.get().then_some(run)
    };
    let shape = Shape::of(vec![7, 7]);
    for seed in 0..31 {
        let mut mix = Mix::new(RandomWalk::new(seed), seed, 0);
        let found = (0..2_000).find_map(|_| {
            mix.begin(&shape);
            mixed_up(&mut mix)
        });
        let (smallest, _) = shrink(found.expect("a budget stops at the channel"), 200, |list| {
            mixed_up(&mut Guided::new(list))
        });
        let cost = Cost::of(&smallest);
        assert_eq!(cost.preemptions, 1, "seed {seed}: {}", smallest.schedule(0));
        // A second budget stops at the same await once more; only an edit within a block would do without.
        assert!(
            (1..=2).contains(&cost.extras),
            "seed {seed}: {}",
            smallest.schedule(0)
        );
    }
}

fn run(actor: usize) -> Decision {
    Decision::Run { actor }
}

#[test]
fn what_cannot_be_done_is_passed_over() {
    let list = [
        run(1),
        run(7),
        Decision::Step { runtime: 3 },
        Decision::Drop { actor: 0 },
        run(0),
        run(1),
    ];
    let actors = (0..2).map(|_| script(awaits(3))).collect();
    let guided = run_once(Layout::One, &mut Guided::new(&list), actors);
    assert_eq!(guided.decisions()[..4], [run(1), run(0), run(1), run(1)]);
}

/// A list whose moves of the clock were edited away still says who goes after them.
#[test]
fn the_clock_moves_where_the_list_does_not_say_so() {
    let wait = || script(async { sleep(Duration::from_millis(1)).await });
    let list = [run(1), run(0), run(1), run(0)];
    let guided = run_once(Layout::One, &mut Guided::new(&list), vec![wait(), wait()]);
    assert_eq!(
        guided.decisions(),
        [run(1), run(0), Decision::Advance { late: 0 }, run(1), run(0)]
    );
}

async fn sleep_and_yield(millis: u64) {
    sleep(Duration::from_millis(millis)).await;
    awaits(1).await;
}

#[test]
fn a_list_that_fits_is_followed_to_the_letter() {
    let actors = || {
        let user = |number: u64| async move {
            let inner = spawn_within_a_task(sleep_and_yield(number)).await;
            sleep(Duration::from_millis(2)).await;
            inner.await.unwrap();
        };
        (1..=3).map(|number| script(user(number))).collect()
    };
    let shape = Shape::of(vec![3; 3]);
    for layout in Layout::ALL {
        let mut driver = Driver::new();
        let mut mix = Mix::new(RandomWalk::new(7), 7, 5);
        for _ in 0..200 {
            mix.begin(&shape);
            let first = run_on(&mut driver, layout, &mut mix, actors());
            let again = run_on(&mut driver, layout, &mut Guided::new(first.decisions()), actors());
            assert_eq!(again.decisions(), first.decisions(), "{layout}");
        }
    }
}
