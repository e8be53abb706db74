//! What the shrinker promises, and how an edited schedule is followed.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::time::Duration;

use ssot_harness::interleave::{
    Cost, Decision, Driver, Guided, Perturbed, RandomWalk, Run, RuntimeTopology, Shape, Strategy,
    UniformWalk, shrink,
};
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, sleep, sleep_until};

use crate::search::actors::{awaits, run_on, run_once, script, spawn_within_a_task, windows};

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
        let run = run_once(
            RuntimeTopology::One,
            strategy,
            vec![script(user(1)), script(user(2))],
        );
        mixed_up.get().then_some(run)
    };
    let shape = Shape::of(vec![7, 7]);
    for seed in 0..31 {
        let mut mix = Perturbed::new(RandomWalk::new(seed), seed, 0);
        let found = (0..2_000).find_map(|_| {
            mix.begin(&shape);
            mixed_up(&mut mix)
        });
        let (smallest, _) = shrink(found.expect("a budget stops at the channel"), 200, |list| {
            mixed_up(&mut Guided::new(list))
        });
        let cost = Cost::of(&smallest);
        assert_eq!(cost.preemptions, 1, "seed {seed}: {}", smallest.schedule(0));
        assert_eq!(cost.extras, 1, "seed {seed}: {}", smallest.schedule(0));
    }
}

/// The first failure that a mix of this seed finds, made as small as it gets.
fn smallest(seed: u64, shape: &Shape, mut fails: impl FnMut(&mut dyn Strategy) -> Option<Run>) -> Cost {
    let mut mix = Perturbed::new(RandomWalk::new(seed), seed, 10);
    let found = (0..20_000).find_map(|_| {
        mix.begin(shape);
        fails(&mut mix)
    });
    let (smallest, attempts) = shrink(found.expect("found within 20,000 executions"), 200, |list| {
        fails(&mut Guided::new(list))
    });
    assert!(attempts <= 200);
    Cost::of(&smallest)
}

/// Who is dropped makes way as who is preempted does. Of the two, the preemption is the simpler.
#[test]
fn a_drop_that_only_makes_way_becomes_a_preemption() {
    let shape = Shape {
        drops: 1,
        ..Shape::of(vec![11; 2])
    };
    let mut driver = Driver::new();
    driver.allow_drops(1);
    for seed in 0..31 {
        let cost = smallest(seed, &shape, |strategy| {
            let (run, hit) = windows(strategy, &mut driver, 2, 10, 1);
            hit.then_some(run)
        });
        assert_eq!((cost.preemptions, cost.extras), (1, 0), "seed {seed}");
    }
}

/// Three users wait 10, 13 and 16 ms. When one is back, the two others come in the wrong order: one late timer, and
/// nobody who is back is kept waiting for somebody who has not begun.
#[test]
fn late_timers_shrink_to_one_without_a_preemption() {
    let fails = |strategy: &mut dyn Strategy| {
        let waiting = RefCell::new(Vec::new());
        let overtook = Cell::new(false);
        let user = |millis: u64| {
            let (waiting, overtook) = (&waiting, &overtook);
            async move {
                let due = Instant::now() + Duration::from_millis(millis);
                waiting.borrow_mut().push(due);
                sleep_until(due).await;
                let mut waiting = waiting.borrow_mut();
                let is_before_the_last = waiting.len() == 2;
                waiting.retain(|&other| other != due);
                overtook.set(overtook.get() || (is_before_the_last && waiting[0] < due));
            }
        };
        let actors = [10, 13, 16].map(|millis| script(user(millis)));
        let run = run_once(RuntimeTopology::One, strategy, actors.into());
        overtook.get().then_some(run)
    };
    let shape = Shape {
        timers: true,
        ..Shape::of(vec![2; 3])
    };
    for seed in 0..150 {
        let cost = smallest(seed, &shape, fails);
        assert_eq!((cost.preemptions, cost.extras), (0, 1), "seed {seed}");
    }
}

/// The third of three calls over one connection is given the first one's answer where that call and the second were
/// dropped. A dropped call needs to have been polled once, and not to be waited for.
#[test]
fn two_drops_need_no_preemption() {
    let mut driver = Driver::new();
    driver.allow_drops(2);
    let mut fails = |strategy: &mut dyn Strategy| {
        let wire = Mutex::new((false, Vec::new()));
        let mixed_up = Cell::new(false);
        let user = |number: usize| {
            let (wire, mixed_up) = (&wire, &mixed_up);
            async move {
                let mut wire = wire.lock().await;
                wire.0 = !wire.0;
                let own = wire.0;
                wire.1.push((own, number));
                awaits(1).await;
                while wire.1[0].0 != own {
                    wire.1.remove(0);
                }
                let (_, answer) = wire.1.remove(0);
                mixed_up.set(mixed_up.get() || answer != number);
            }
        };
        let actors = (0..3).map(|number| script(user(number))).collect();
        let run = run_on(&mut driver, RuntimeTopology::One, strategy, actors);
        mixed_up.get().then_some(run)
    };
    let shape = Shape {
        drops: 2,
        ..Shape::of(vec![2; 3])
    };
    for seed in 0..31 {
        let cost = smallest(seed, &shape, &mut fails);
        assert_eq!((cost.preemptions, cost.extras), (0, 2), "seed {seed}");
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
    let guided = run_once(RuntimeTopology::One, &mut Guided::new(&list), actors);
    assert_eq!(guided.decisions()[..4], [run(1), run(0), run(1), run(1)]);
}

/// A list whose moves of the clock were edited away still says who goes after them.
#[test]
fn the_clock_moves_where_the_list_does_not_say_so() {
    let wait = || script(async { sleep(Duration::from_millis(1)).await });
    let list = [run(1), run(0), run(1), run(0)];
    let guided = run_once(
        RuntimeTopology::One,
        &mut Guided::new(&list),
        vec![wait(), wait()],
    );
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
    for topology in RuntimeTopology::ALL {
        let mut driver = Driver::new();
        let mut mix = Perturbed::new(RandomWalk::new(7), 7, 5);
        for _ in 0..200 {
            mix.begin(&shape);
            let first = run_on(&mut driver, topology, &mut mix, actors());
            let again = run_on(
                &mut driver,
                topology,
                &mut Guided::new(first.decisions()),
                actors(),
            );
            assert_eq!(again.decisions(), first.decisions(), "{topology}");
        }
    }
}
