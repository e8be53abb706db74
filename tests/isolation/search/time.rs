//! How time passes in an execution: what was found the hard way about clocks, timers and blocking tasks.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::time::Duration;

use ssot_harness::interleave::{
    Decision, Ending, Enumeration, Guided, Pct, Perturbed, RandomWalk, Run, RuntimeTopology, Serial, Shape,
    SparseDeviations, Strategy, UniformWalk,
};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use crate::search::actors::{awaits, run_once, script};

/// Trap 3: the clock moves, from slot to slot of the timer wheel, to just where it has to.
#[test]
fn the_clock_moves_to_the_next_timer() {
    for topology in RuntimeTopology::ALL {
        let millis = [1, 63, 64, 65, 4_095, 4_097, 70_000, 3_600_000, 86_000_000];
        let actor = async move {
            for millis in millis {
                let before = Instant::now();
                sleep(Duration::from_millis(millis)).await;
                let waited = before.elapsed();
                let excess = waited
                    .checked_sub(Duration::from_millis(millis))
                    .expect("a timer is never early");
                // Tokio rounds up to its tick; several runtimes move together in steps of a sixty-fourth.
                let tolerance = if topology == RuntimeTopology::One {
                    1
                } else {
                    1 + millis / 60
                };
                assert!(
                    excess <= Duration::from_millis(tolerance),
                    "{topology}: {waited:?} for {millis} ms"
                );
                tokio::spawn(yield_now()).await.unwrap();
            }
        };
        let run = run_once(topology, &mut Serial, vec![script(actor), script(awaits(3))]);
        assert_eq!(*run.ending(), Ending::Done, "{topology}");
    }
}

const MILLISECOND: Duration = Duration::from_millis(1);

/// Trap 6: a point in time means the same to every user, to the millisecond, also to one whose runtime was made late.
#[test]
fn users_agree_on_what_time_it_is() {
    for topology in RuntimeTopology::ALL {
        let begun = Cell::new(None);
        let ended = Cell::new(None);
        let early = async {
            begun.set(Some(Instant::now()));
            sleep(Duration::from_secs(3_600)).await;
            // However long it takes to come so far, in real time.
            let slow = std::time::Instant::now();
            while slow.elapsed() < Duration::from_millis(5) {
                std::hint::spin_loop();
            }
            ended.set(Some(Instant::now()));
        };
        let late = async {
            let now = Instant::now();
            let ended = ended.get().expect("nobody is preempted");
            let apart = now.max(ended) - now.min(ended);
            assert!(apart < MILLISECOND, "{apart:?}");
            // Each clock begins anywhere within a millisecond, in real time.
            assert!(now + MILLISECOND > begun.get().unwrap() + Duration::from_secs(3_600));
        };
        let run = run_once(topology, &mut Serial, vec![script(early), script(late)]);
        assert_eq!(*run.ending(), Ending::Done, "{topology}");
    }
}

/// Two users who wait 10 and 12 ms; the order in which they came back.
fn woken_in_order(strategy: &mut dyn Strategy) -> (Run, Vec<u64>) {
    let order = RefCell::new(Vec::new());
    let wait = |millis| {
        let order = &order;
        async move {
            sleep(Duration::from_millis(millis)).await;
            order.borrow_mut().push(millis);
        }
    };
    let run = run_once(
        RuntimeTopology::One,
        strategy,
        vec![script(wait(10)), script(wait(12))],
    );
    (run, order.into_inner())
}

/// Trap 4: only where a timer may be late can the order of two timers change.
#[test]
fn late_timers_come_in_any_order() {
    let shape = Shape {
        timers: true,
        ..Shape::of(vec![2, 2])
    };
    let reordered = |late| {
        let mut mix = Perturbed::new(RandomWalk::new(3), 3, late);
        (0..200).any(|_| {
            mix.begin(&shape);
            let (run, order) = woken_in_order(&mut mix);
            // One after the other they come in any order anyway.
            let both_wait = run
                .decisions()
                .iter()
                .take(2)
                .all(|d| matches!(d, Decision::Run { .. }));
            both_wait && order == [12, 10]
        })
    };
    assert!(reordered(10));
    assert!(
        !reordered(1),
        "two timers 2 ms apart are not due at once within 1 ms"
    );
}

/// Trap 6: a runtime that is made when time has gone by shows the time that it is.
#[test]
fn the_clock_of_a_later_runtime_agrees() {
    let order = RefCell::new(Vec::new());
    let first = async {
        drop(tokio::spawn(std::future::pending::<()>()));
        sleep(Duration::from_millis(10)).await;
        sleep(Duration::from_millis(5)).await;
        order.borrow_mut().push(15);
    };
    let second = async {
        sleep(Duration::from_millis(12)).await;
        order.borrow_mut().push(12);
    };
    let both_begin = [0, 1].map(|actor| Decision::Run { actor });
    let run = run_once(
        RuntimeTopology::PerPoll,
        &mut Guided::new(&both_begin),
        vec![script(first), script(second)],
    );
    assert_eq!(*run.ending(), Ending::Done);
    assert_eq!(order.into_inner(), [12, 15]);
}

/// Trap 6: clocks of several runtimes go together, so that who waits less comes back first.
#[test]
fn clocks_of_several_runtimes_agree() {
    for topology in RuntimeTopology::ALL {
        for (short, long) in [(5, 7), (90, 100), (1_000, 1_100), (29_000, 30_000)] {
            let order = RefCell::new(Vec::new());
            let wait = |millis| {
                let order = &order;
                async move {
                    sleep(Duration::from_millis(millis)).await;
                    order.borrow_mut().push(millis);
                }
            };
            let both_begin = [0, 1].map(|actor| Decision::Run { actor });
            let mut guided = Guided::new(&both_begin);
            let run = run_once(
                topology,
                &mut guided,
                vec![script(wait(long)), script(wait(short))],
            );
            assert_eq!(*run.ending(), Ending::Done);
            assert_eq!(order.into_inner(), [short, long], "{topology}");
        }
    }
}

/// A heartbeat moves the clock time and again, and makes nobody else's timer later than a sixty-fourth of its wait.
#[test]
fn a_task_on_an_interval_makes_no_timer_late() {
    for topology in RuntimeTopology::ALL {
        for (tick, short, long) in [
            (3, 5, 7),
            (30, 90, 100),
            (100, 1_000, 1_100),
            (1_000, 29_000, 30_000),
        ] {
            let order = RefCell::new(Vec::new());
            let wait = |millis| {
                let order = &order;
                async move {
                    drop(tokio::spawn(async move {
                        loop {
                            sleep(Duration::from_millis(tick)).await;
                        }
                    }));
                    let begun = Instant::now();
                    sleep(Duration::from_millis(millis)).await;
                    let waited = begun.elapsed();
                    let latest = Duration::from_millis(millis + millis / 64 + 2);
                    assert!(waited <= latest, "{millis} ms took {waited:?} in {topology}");
                    order.borrow_mut().push(millis);
                }
            };
            let both_begin = [0, 1].map(|actor| Decision::Run { actor });
            let run = run_once(
                topology,
                &mut Guided::new(&both_begin),
                vec![script(wait(long)), script(wait(short))],
            );
            assert_eq!(*run.ending(), Ending::Done, "{topology}");
            assert_eq!(order.into_inner(), [short, long], "{topology}");
        }
    }
}

/// Trap 8: a blocking task rightly takes real time, and the clock stands still for it.
#[test]
fn a_blocking_task_is_waited_for() {
    for topology in RuntimeTopology::ALL {
        let (release, released) = std::sync::mpsc::channel();
        let user = async move {
            let before = Instant::now();
            let task = tokio::task::spawn_blocking(move || released.recv().unwrap());
            release.send(9).unwrap();
            assert_eq!(task.await.unwrap(), 9);
            assert!(
                before.elapsed() < Duration::from_secs(1),
                "the clock did not run away meanwhile"
            );
        };
        let run = run_once(topology, &mut Serial, vec![script(user)]);
        assert_eq!(*run.ending(), Ending::Done, "{topology}");
    }
}

/// Trap 8: also where it is still at work when nobody else can go on, and where timers may be late.
#[test]
fn the_clock_stands_still_while_a_blocking_task_works() {
    for topology in RuntimeTopology::ALL {
        for late in [0, 10] {
            let waited = Cell::new(Duration::MAX);
            let user = async {
                let before = Instant::now();
                let work = || (0..2_000_000_u32).fold(0, |sum, number| std::hint::black_box(sum ^ number));
                tokio::task::spawn_blocking(work).await.unwrap();
                waited.set(before.elapsed());
            };
            let list = [Decision::Run { actor: 0 }, Decision::Advance { late }];
            let run = run_once(topology, &mut Guided::new(&list), vec![script(user)]);
            assert_eq!(*run.ending(), Ending::Done, "{topology}");
            assert_eq!(waited.get(), Duration::ZERO, "{topology}, late by {late} ms");
        }
    }
}

/// Who has not begun does not hold the clock: with timers too, one user can be done before the other begins.
#[test]
fn one_user_can_finish_before_the_other_begins() {
    let serial = |strategy: &mut dyn Strategy, topology| {
        let log = RefCell::new(Vec::new());
        let user = |number: u32| {
            let log = &log;
            async move {
                log.borrow_mut().push(number);
                sleep(Duration::from_millis(20)).await;
                tokio::spawn(sleep(Duration::from_millis(20))).await.unwrap();
                log.borrow_mut().push(number);
            }
        };
        let run = run_once(topology, strategy, vec![script(user(1)), script(user(2))]);
        // An enumeration tries runtimes that turn out to have no task.
        assert!(
            run.divergence().is_some() || *run.ending() == Ending::Done,
            "{}",
            run.schedule(0)
        );
        log.into_inner()
    };
    let shape = Shape {
        spawns: true,
        timers: true,
        ..Shape::of(vec![3, 3])
    };
    for topology in RuntimeTopology::ALL {
        assert_eq!(serial(&mut Serial, topology), [1, 1, 2, 2], "{topology}");
        let strategies: [Box<dyn Strategy>; 6] = [
            Box::new(RandomWalk::new(1)),
            Box::new(UniformWalk::new(1)),
            Box::new(Pct::new(1, 2)),
            Box::new(SparseDeviations::new(1, 2)),
            Box::new(Perturbed::new(RandomWalk::new(1), 1, 10)),
            Box::new(Enumeration::new(100, 0)),
        ];
        for mut strategy in strategies {
            let mut seen = BTreeSet::new();
            for _ in 0..400 {
                if !strategy.begin(&shape) {
                    break;
                }
                seen.insert(serial(&mut *strategy, topology));
            }
            for order in [vec![1, 1, 2, 2], vec![2, 2, 1, 1], vec![1, 2, 1, 2]] {
                assert!(
                    seen.contains(&order),
                    "{} has not seen {order:?} in {topology}",
                    strategy.name()
                );
            }
        }
    }
}

/// Nobody's timer is due: the clock has nothing to move for, and whoever has not begun begins.
#[test]
fn a_clock_without_timers_does_not_end_an_execution() {
    let (tell, told) = tokio::sync::oneshot::channel::<()>();
    let waits = async move { told.await.unwrap() };
    let tells = async move { tell.send(()).unwrap() };
    let run = run_once(
        RuntimeTopology::One,
        &mut Serial,
        vec![script(waits), script(tells)],
    );
    assert_eq!(*run.ending(), Ending::Done);
}
