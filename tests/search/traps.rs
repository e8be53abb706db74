//! What was found the hard way about driving tokio futures by a schedule, each as a test. Deadlocks and endless
//! executions, trap 8, are among the `endings`; nondeterminism, trap 9, is among the hazards of the isolation check.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ssot_harness::interleave::{
    Decision, Divergence, Ending, Enumeration, Guided, Layout, Mix, Pct, RandomWalk, Replay, Run, Serial,
    Shape, SparseDeviations, Strategy, UniformWalk, View, shrink, yield_point,
};
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use crate::actors::{awaits, run_once, script};

/// Trap 1: polled under an entered handle, outside of `block_on`, an actor has all of tokio.
#[test]
fn an_actor_has_spawn_sleep_and_yield() {
    for layout in Layout::ALL {
        let done = Rc::new(Cell::new(0));
        let actor = |done: Rc<Cell<u32>>| async move {
            yield_now().await;
            let joined = tokio::spawn(async {
                yield_now().await;
                7
            });
            assert_eq!(joined.await.unwrap(), 7);
            sleep(Duration::from_millis(5)).await;
            tokio::runtime::Handle::current();
            done.set(done.get() + 1);
        };
        let actors = (0..3).map(|_| script(actor(Rc::clone(&done)))).collect();
        let run = run_once(layout, &mut RandomWalk::new(1), actors);
        assert_eq!(*run.ending(), Ending::Done, "{layout}");
        assert_eq!(done.get(), 3);
    }
}

/// A fake that never waits has an await where it says so.
#[test]
fn a_yield_point_is_an_await() {
    let run = run_once(
        Layout::One,
        &mut Serial,
        vec![script(yield_point()), script(yield_point())],
    );
    assert_eq!(run.polls(), [2, 2]);
}

/// Decides as another strategy does, and takes down a counter before every decision.
struct Watched<'w> {
    base: RandomWalk,
    counter: &'w AtomicUsize,
    counts: Vec<usize>,
}

impl Strategy for Watched<'_> {
    fn name(&self) -> String {
        self.base.name()
    }

    fn begin(&mut self, shape: &Shape) -> bool {
        self.base.begin(shape)
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        self.counts.resize(view.step() + 1, 0);
        self.counts[view.step()] = self.counter.load(Ordering::SeqCst);
        self.base.decide(view)
    }
}

/// Trap 2: a step lets a runtime poll one task, never none and never two.
#[test]
fn a_step_polls_exactly_one_task() {
    for layout in Layout::ALL {
        for seed in 0..50 {
            let polls = Arc::new(AtomicUsize::new(0));
            let actor = |polls: Arc<AtomicUsize>| async move {
                let tasks: Vec<_> = (0..3)
                    .map(|_| {
                        let polls = Arc::clone(&polls);
                        tokio::spawn(async move {
                            for round in 0..3 {
                                polls.fetch_add(1, Ordering::SeqCst);
                                match round {
                                    0 => yield_now().await,
                                    1 => sleep(Duration::from_millis(1)).await,
                                    _ => {}
                                }
                            }
                        })
                    })
                    .collect();
                for task in tasks {
                    task.await.unwrap();
                }
            };
            let counter = Arc::clone(&polls);
            let mut watched = Watched {
                base: RandomWalk::new(seed),
                counter: &counter,
                counts: Vec::new(),
            };
            let run = run_once(
                layout,
                &mut watched,
                (0..2).map(|_| script(actor(Arc::clone(&polls)))).collect(),
            );
            assert_eq!(*run.ending(), Ending::Done);
            watched.counts.push(polls.load(Ordering::SeqCst));
            for (step, decision) in run.decisions().iter().enumerate() {
                let polled = watched.counts[step + 1] - watched.counts[step];
                let expected = usize::from(matches!(decision, Decision::Step { .. }));
                assert_eq!(
                    polled,
                    expected,
                    "{layout}, seed {seed}, step {step}: {decision:?} in {}",
                    run.schedule(0)
                );
            }
            assert_eq!(polls.load(Ordering::SeqCst), 18);
        }
    }
}

/// Trap 3: the clock moves, from slot to slot of the timer wheel, to just where it has to.
#[test]
fn the_clock_moves_to_the_next_timer() {
    for layout in Layout::ALL {
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
                let tolerance = if layout == Layout::One { 1 } else { 1 + millis / 60 };
                assert!(
                    excess <= Duration::from_millis(tolerance),
                    "{layout}: {waited:?} for {millis} ms"
                );
                tokio::spawn(yield_now()).await.unwrap();
            }
        };
        let run = run_once(layout, &mut Serial, vec![script(actor), script(awaits(3))]);
        assert_eq!(*run.ending(), Ending::Done, "{layout}");
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
    let run = run_once(Layout::One, strategy, vec![script(wait(10)), script(wait(12))]);
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
        let mut mix = Mix::new(RandomWalk::new(3), 3, late);
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

/// A slot that is written and read with a ready await between: a channel in which there is a message.
fn ready_race(strategy: &mut dyn Strategy) -> (Run, bool) {
    let slot = Cell::new(0);
    let mixed_up = Cell::new(false);
    let user = |number| {
        let (slot, mixed_up) = (&slot, &mixed_up);
        async move {
            let (tell, mut told) = mpsc::unbounded_channel();
            tell.send(()).unwrap();
            slot.set(number);
            told.recv().await.unwrap();
            mixed_up.set(mixed_up.get() | (slot.get() != number));
        }
    };
    let run = run_once(Layout::One, strategy, vec![script(user(1)), script(user(2))]);
    (run, mixed_up.get())
}

/// Trap 5: a ready await is passed without a stop, but for one that an await budget stops.
#[test]
fn a_ready_await_is_interrupted_by_a_budget_only() {
    let shape = Shape::of(vec![1, 1]);
    let mut walk = RandomWalk::new(5);
    assert!((0..500).all(|_| walk.begin(&shape) && !ready_race(&mut walk).1));
    let mut mix = Mix::new(RandomWalk::new(5), 5, 0);
    let found = (0..500).find_map(|_| {
        mix.begin(&shape);
        let (run, mixed_up) = ready_race(&mut mix);
        mixed_up.then_some(run)
    });
    let run = found.expect("a budget of 0 stops at the channel");
    let budgets = |decisions: &[Decision]| {
        decisions
            .iter()
            .filter(|d| matches!(d, Decision::RunWithin { .. }))
            .count()
    };
    let (smallest, _) = shrink(run, 200, |list| {
        let (run, mixed_up) = ready_race(&mut Guided::new(list));
        mixed_up.then_some(run)
    });
    assert_eq!(budgets(smallest.decisions()), 1, "{}", smallest.schedule(0));
    assert!(
        smallest.schedule(0).to_string().contains("b0"),
        "{}",
        smallest.schedule(0)
    );
}

/// Two users who each spawn a task; the order in which the tasks ran.
fn spawned_in_order(layout: Layout, seed: u64) -> Vec<u32> {
    let (tell, mut told) = mpsc::unbounded_channel();
    let user = |number: u32| {
        let tell = tell.clone();
        async move {
            let task = tokio::spawn(async move { tell.send(number).unwrap() });
            yield_now().await;
            task.await.unwrap();
        }
    };
    let mut walk = RandomWalk::new(seed);
    let run = run_once(layout, &mut walk, vec![script(user(1)), script(user(2))]);
    assert_eq!(*run.ending(), Ending::Done);
    std::iter::from_fn(|| told.try_recv().ok()).collect()
}

/// Trap 6: tasks of one runtime keep the order in which they were spawned; those of several do not.
#[test]
fn the_layout_decides_which_tasks_can_change_places() {
    // Where user 1 has spawned before user 2, its task runs first: with one runtime, always.
    let spawned_first = |seed| {
        let mut walk = RandomWalk::new(seed);
        let first = RefCell::new(None);
        let user = |number: usize| {
            let first = &first;
            async move {
                first.borrow_mut().get_or_insert(number);
                yield_now().await;
            }
        };
        run_once(Layout::One, &mut walk, vec![script(user(1)), script(user(2))]);
        first.into_inner()
    };
    let mut orders = Vec::new();
    for layout in Layout::ALL {
        let seen: BTreeSet<(Option<usize>, Vec<u32>)> = (0..200)
            .map(|seed| (spawned_first(seed), spawned_in_order(layout, seed)))
            .collect();
        orders.push(seen);
    }
    let inverted = |seen: &BTreeSet<(Option<usize>, Vec<u32>)>| {
        seen.contains(&(Some(1), vec![2, 1])) && seen.contains(&(Some(2), vec![1, 2]))
    };
    assert!(!inverted(&orders[0]), "one runtime: {:?}", orders[0]);
    assert!(inverted(&orders[1]), "one an actor: {:?}", orders[1]);
    assert!(inverted(&orders[2]), "one a poll: {:?}", orders[2]);
}

/// Trap 6: also the tasks of one user's polls, where each poll has a runtime of its own.
#[test]
fn tasks_of_two_polls_change_places_where_each_poll_has_a_runtime() {
    let inverted = |layout, seed| {
        let (tell, mut told) = mpsc::unbounded_channel();
        let user = async {
            let mut tasks = Vec::new();
            for number in [1, 2] {
                let tell = tell.clone();
                tasks.push(tokio::spawn(async move { tell.send(number).unwrap() }));
                yield_now().await;
            }
            for task in tasks {
                task.await.unwrap();
            }
        };
        run_once(layout, &mut RandomWalk::new(seed), vec![script(user)]);
        [told.try_recv().unwrap(), told.try_recv().unwrap()] == [2, 1]
    };
    let ever = Layout::ALL.map(|layout| (0..100).any(|seed| inverted(layout, seed)));
    assert_eq!(ever, [false, false, true]);
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
        Layout::PerPoll,
        &mut Guided::new(&both_begin),
        vec![script(first), script(second)],
    );
    assert_eq!(*run.ending(), Ending::Done);
    assert_eq!(order.into_inner(), [12, 15]);
}

/// Trap 6: clocks of several runtimes go together, so that who waits less comes back first.
#[test]
fn clocks_of_several_runtimes_agree() {
    for layout in Layout::ALL {
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
            let run = run_once(layout, &mut guided, vec![script(wait(long)), script(wait(short))]);
            assert_eq!(*run.ending(), Ending::Done);
            assert_eq!(order.into_inner(), [short, long], "{layout}");
        }
    }
}

/// Trap 7: tasks that yield come round in turn.
#[test]
fn tasks_that_yield_take_turns() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let user = async move {
        let tasks: Vec<_> = (0..3)
            .map(|number| {
                let tell = tell.clone();
                tokio::spawn(async move {
                    for _ in 0..2 {
                        tell.send(number).unwrap();
                        yield_now().await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    };
    run_once(Layout::One, &mut Serial, vec![script(user)]);
    let order: Vec<_> = std::iter::from_fn(|| told.try_recv().ok()).collect();
    assert_eq!(order, [0, 1, 2, 0, 1, 2]);
}

/// Trap 8: a blocking task rightly takes real time, and the clock stands still for it.
#[test]
fn a_blocking_task_is_waited_for() {
    for layout in Layout::ALL {
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
        let run = run_once(layout, &mut Serial, vec![script(user)]);
        assert_eq!(*run.ending(), Ending::Done, "{layout}");
    }
}

/// Trap 8: also where it is still at work when nobody else can go on, and where timers may be late.
#[test]
fn the_clock_stands_still_while_a_blocking_task_works() {
    for layout in Layout::ALL {
        for late in [0, 10] {
            let waited = Cell::new(Duration::MAX);
            let user = async {
                let before = Instant::now();
                let work = || (0..2_000_000_u32).fold(0, |sum, number| std::hint::black_box(sum ^ number));
                tokio::task::spawn_blocking(work).await.unwrap();
                waited.set(before.elapsed());
            };
            let list = [Decision::Run { actor: 0 }, Decision::Advance { late }];
            let run = run_once(layout, &mut Guided::new(&list), vec![script(user)]);
            assert_eq!(*run.ending(), Ending::Done, "{layout}");
            assert_eq!(waited.get(), Duration::ZERO, "{layout}, late by {late} ms");
        }
    }
}

/// Trap 8: nor does it keep from an actor that another thread has woken it.
#[test]
fn a_wake_up_from_a_thread_is_heard_while_a_blocking_task_works() {
    let user = async {
        let (release, released) = std::sync::mpsc::channel::<()>();
        let task = tokio::task::spawn_blocking(move || released.recv());
        let (tell, told) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || {
            let sum = (0..2_000_000_u32).fold(0, |sum, number| std::hint::black_box(sum ^ number));
            tell.send(sum).unwrap();
        });
        told.await.unwrap();
        release.send(()).unwrap();
        task.await.unwrap().unwrap();
        thread.join().unwrap();
    };
    let run = run_once(Layout::One, &mut Serial, vec![script(user)]);
    assert_eq!(*run.ending(), Ending::Done);
}

/// Trap 10: a `LocalSet` polls all of its tasks at once; it works, and it replays.
#[test]
fn a_local_set_is_one_step() {
    let user = || async {
        let local = tokio::task::LocalSet::new();
        let count = Rc::new(Cell::new(0));
        for _ in 0..3 {
            let count = Rc::clone(&count);
            local.spawn_local(async move {
                yield_now().await;
                count.set(count.get() + 1);
            });
        }
        local.await;
        assert_eq!(count.get(), 3);
    };
    let run = run_once(
        Layout::One,
        &mut RandomWalk::new(1),
        vec![script(user()), script(user())],
    );
    assert_eq!(*run.ending(), Ending::Done);
    let again = run_once(
        Layout::One,
        &mut Replay::new(run.schedule(0)),
        vec![script(user()), script(user())],
    );
    assert_eq!(again.decisions(), run.decisions());
}

/// Who has not begun does not hold the clock: with timers too, one user can be done before the other begins.
#[test]
fn one_user_can_finish_before_the_other_begins() {
    let serial = |strategy: &mut dyn Strategy, layout| {
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
        let run = run_once(layout, strategy, vec![script(user(1)), script(user(2))]);
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
    for layout in Layout::ALL {
        assert_eq!(serial(&mut Serial, layout), [1, 1, 2, 2], "{layout}");
        let strategies: [Box<dyn Strategy>; 6] = [
            Box::new(RandomWalk::new(1)),
            Box::new(UniformWalk::new(1)),
            Box::new(Pct::new(1, 2)),
            Box::new(SparseDeviations::new(1, 2)),
            Box::new(Mix::new(RandomWalk::new(1), 1, 10)),
            Box::new(Enumeration::new(100, 0)),
        ];
        for mut strategy in strategies {
            let mut seen = BTreeSet::new();
            for _ in 0..400 {
                if !strategy.begin(&shape) {
                    break;
                }
                seen.insert(serial(&mut *strategy, layout));
            }
            for order in [vec![1, 1, 2, 2], vec![2, 2, 1, 1], vec![1, 2, 1, 2]] {
                assert!(
                    seen.contains(&order),
                    "{} has not seen {order:?} in {layout}",
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
    let run = run_once(Layout::One, &mut Serial, vec![script(waits), script(tells)]);
    assert_eq!(*run.ending(), Ending::Done);
}
