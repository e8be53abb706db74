//! The guarantees of the search: what is enumerated, what replays, how executions end.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ssot_harness::interleave::{
    Cost, Decision, Divergence, Driver, Ending, Enumeration, FutureActor, Guided, Layout, Mix, Pct,
    Portfolio, RandomWalk, Replay, Run, Schedule, Serial, Shape, SparseDeviations, Strategy, UniformWalk,
    View, shrink,
};
use tokio::sync::{Mutex, mpsc};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

type Script<'a> = FutureActor<dyn Future<Output = ()> + 'a>;

fn script<'a>(future: impl Future<Output = ()> + 'a) -> Script<'a> {
    FutureActor::boxed(Box::pin(future))
}

async fn awaits(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

/// Runs actors once, in the order of a strategy.
fn run_once(layout: Layout, strategy: &mut dyn Strategy, actors: Vec<Script<'_>>) -> Run {
    let mut driver = Driver::new();
    run_on(&mut driver, layout, strategy, actors)
}

fn run_on(
    driver: &mut Driver,
    layout: Layout,
    strategy: &mut dyn Strategy,
    mut actors: Vec<Script<'_>>,
) -> Run {
    let mut stage = driver.stage(layout);
    let run = stage.run(&mut actors, strategy);
    stage.within(|| drop(actors)).unwrap();
    run
}

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

// What was found the hard way: INTERLEAVING, 1 to 10.

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
            woken_in_order(&mut mix).1 == [12, 10]
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
            let run = run_once(layout, &mut Serial, vec![script(wait(long)), script(wait(short))]);
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

fn both<'a>(first: &'a Mutex<()>, second: &'a Mutex<()>) -> Script<'a> {
    script(async move {
        let _first = first.lock().await;
        yield_now().await;
        let _second = second.lock().await;
    })
}

/// Trap 8: who waits for what cannot come is told so, and what is known of the wait.
#[test]
fn a_deadlock_is_reported() {
    for layout in Layout::ALL {
        let (left, right) = (Mutex::new(()), Mutex::new(()));
        let actors = vec![both(&left, &right), both(&right, &left)];
        let list = [0, 1].map(|actor| Decision::Run { actor });
        let run = run_once(layout, &mut Guided::new(&list), actors);
        let Ending::Deadlock(waiting) = run.ending() else {
            panic!("{:?}", run.ending())
        };
        assert_eq!(
            waiting.iter().map(|waiting| waiting.actor).collect::<Vec<_>>(),
            [0, 1]
        );
        assert!(waiting.iter().all(|waiting| waiting.wakers > 0));
    }
}

#[test]
fn a_future_that_nothing_can_wake_is_told_apart() {
    let run = run_once(Layout::One, &mut Serial, vec![script(std::future::pending())]);
    let Ending::Deadlock(waiting) = run.ending() else {
        panic!("{:?}", run.ending())
    };
    assert_eq!(waiting[0].wakers, 0);
    assert!(
        waiting[0].to_string().contains("nothing holds its waker"),
        "{}",
        waiting[0]
    );
}

/// Trap 8: what never ends is ended.
#[test]
fn no_execution_outlives_its_step_limit() {
    let endless: [fn() -> Script<'static>; 3] = [
        || {
            script(async {
                loop {
                    yield_now().await;
                }
            })
        },
        || {
            script(async {
                let mut ticks = tokio::time::interval(Duration::from_millis(10));
                loop {
                    ticks.tick().await;
                }
            })
        },
        || {
            script(async {
                tokio::spawn(async {
                    loop {
                        yield_now().await;
                    }
                });
                std::future::pending::<()>().await;
            })
        },
    ];
    for layout in Layout::ALL {
        for endless in endless {
            let mut driver = Driver::new();
            driver.limit_steps(500);
            let run = run_on(
                &mut driver,
                layout,
                &mut Serial,
                vec![endless(), script(awaits(2))],
            );
            assert_eq!(*run.ending(), Ending::StepLimit(500));
            assert_eq!(run.decisions().len(), 500);
        }
    }
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

/// An execution of everything at once: tasks, timers, locks, channels, budgets, drops. What happened, in order.
fn busy_execution(
    driver: &mut Driver,
    layout: Layout,
    strategy: &mut dyn Strategy,
) -> (Run, Vec<(usize, u32)>) {
    let log = RefCell::new(Vec::new());
    let lock = Arc::new(Mutex::new(0));
    let (tell, told) = mpsc::channel::<usize>(2);
    let told = Mutex::new(told);
    let user = |number: usize| {
        let (log, told) = (&log, &told);
        let (lock, tell) = (Arc::clone(&lock), tell.clone());
        async move {
            let note = |what| log.borrow_mut().push((number, what));
            note(0);
            yield_now().await;
            let mut held = lock.lock().await;
            *held += 1;
            note(*held);
            sleep(Duration::from_millis(3 + 2 * number as u64)).await;
            drop(held);
            let task = tokio::spawn({
                let lock = Arc::clone(&lock);
                async move {
                    sleep(Duration::from_millis(4)).await;
                    *lock.lock().await += 10;
                    // Whoever was to be told may have been dropped.
                    let _: Result<_, _> = tell.send(number).await;
                }
            });
            note(100 + *lock.lock().await);
            let inner = tokio::spawn(async { tokio::spawn(yield_now()).await });
            inner.await.unwrap().unwrap();
            let from = tokio::time::timeout(Duration::from_millis(50), async {
                told.lock().await.recv().await
            })
            .await;
            note(match from {
                Ok(Some(from)) => 200 + u32::try_from(from).unwrap(),
                Ok(None) => 298,
                Err(_) => 299,
            });
            drop(task.await);
            note(300);
        }
    };
    let run = run_on(
        driver,
        layout,
        strategy,
        (0..3).map(|number| script(user(number))).collect(),
    );
    (run, log.into_inner())
}

/// A schedule replays exactly, from its text: ten thousand, over all layouts.
#[test]
fn a_schedule_replays_exactly_from_its_text() {
    let mut driver = Driver::new();
    driver.allow_drops(1);
    let mut different = HashSet::new();
    let shape = Shape {
        polls: vec![9; 3],
        spawns: true,
        timers: true,
        drops: 1,
    };
    for layout in Layout::ALL {
        let strategies: [Box<dyn Strategy>; 6] = [
            Box::new(Portfolio::new(11, u64::MAX, 10).in_layout(Some(layout))),
            Box::new(Mix::new(RandomWalk::new(12), 12, 10)),
            Box::new(Mix::new(Pct::new(13, 3), 13, 10)),
            Box::new(UniformWalk::new(14)),
            Box::new(SparseDeviations::new(15, 4)),
            Box::new(Enumeration::new(u64::MAX, u32::MAX)),
        ];
        for mut strategy in strategies {
            let mut replayed = 0;
            while replayed < 560 {
                assert!(strategy.begin(&shape));
                let (run, log) = busy_execution(&mut driver, layout, &mut *strategy);
                if run.divergence().is_some() {
                    continue;
                }
                replayed += 1;
                let text = run.schedule(5).to_string();
                let schedule: Schedule = text.parse().unwrap();
                assert_eq!(schedule, run.schedule(5));
                let (again, log_again) = busy_execution(&mut driver, layout, &mut Replay::new(schedule));
                assert_eq!(again.decisions(), run.decisions(), "{text}");
                assert_eq!(again.ending(), run.ending(), "{text}");
                assert_eq!(log_again, log, "{text}");
                assert_eq!(again.preemptions(), run.preemptions(), "{text}");
                different.insert((layout, log));
            }
        }
    }
    assert!(
        different.len() > 1_000,
        "the executions differ: {}",
        different.len()
    );
}

#[test]
fn a_schedule_that_does_not_fit_says_where_and_why() {
    let replay = |text: &str| {
        let mut replay = Replay::new(text.parse().unwrap());
        let run = run_once(
            Layout::One,
            &mut replay,
            vec![script(awaits(1)), script(awaits(1))],
        );
        let divergence = run.divergence().expect("it does not fit").clone();
        (divergence.step(), divergence.to_string())
    };
    for (text, step, reason) in [
        (
            "v1:one@0:1,3",
            2,
            "it names user 3 of 2; user 1, user 2 can go on",
        ),
        ("v1:one@0:1x3", 3, "user 1 has already ended; user 2 can go on"),
        (
            "v1:one@0:1,t",
            2,
            "the clock moves only when nobody can go on; user 1, user 2 can go on",
        ),
        (
            "v1:one@0:s0",
            1,
            "runtime 0 has no task to poll; user 1, user 2 can go on",
        ),
        (
            "v1:one@0:1,1d",
            2,
            "it drops user 1, and no more drops are allowed; user 1, user 2 can go on",
        ),
    ] {
        let (at, said) = replay(text);
        assert_eq!(at, step, "{text}");
        assert_eq!(
            said,
            format!("the schedule does not fit at step {step}: {reason}"),
            "{text}"
        );
    }
}

#[test]
fn a_text_that_is_no_schedule_says_at_which_character() {
    for (text, at, says) in [
        ("", 1, "expected `v1:`"),
        ("one@0:1", 1, "expected `v1:`"),
        ("v2:one@0:1", 1, "version 2 is not one that this release reads"),
        ("v1:", 4, "found the end"),
        ("v1:two@0:1", 4, "expected the layout"),
        ("v1:one", 7, "found the end"),
        ("v1:one@", 8, "found the end"),
        ("v1:one@0:1x", 12, "found the end"),
        ("v1:one@0:1,", 12, "found the end"),
        ("v1:one@0:1x2,0", 14, "users are counted from 1"),
        ("v1:one@0:1b200", 12, "a budget from 0 to 127"),
        ("v1:one@0:1x99999999999", 12, "from 1 to 1000000"),
        ("v1:one@0:1x0", 12, "from 1 to 1000000"),
        ("v1:one@0:1 x2", 11, "expected `,` or the end, found ` `"),
        ("v1:one@0:ü", 10, "found `ü`"),
        ("v1:one@0:t+70000", 12, "at most 65535"),
    ] {
        let error = text.parse::<Schedule>().unwrap_err();
        assert_eq!(error.at(), at, "{text}: {error}");
        assert!(error.to_string().contains(says), "{text}: {error}");
    }
}

proptest::proptest! {
    /// Whatever is written is read back, and no text makes the parser panic.
    #[test]
    fn schedules_go_through_text(
        layout in 0..3_usize,
        world in proptest::prelude::any::<u64>(),
        decisions in proptest::collection::vec((0..5_u8, 0..1_100_usize, 0..128_u8), 0..60),
        noise in "v1:(one|each|poll)@[0-9stxbd+,:]{0,30}",
    ) {
        let decisions = decisions.into_iter().map(|(kind, index, extra)| match kind {
            0 => Decision::Run { actor: index },
            1 => Decision::RunWithin { actor: index, budget: extra },
            2 => Decision::Step { runtime: index },
            3 => Decision::Advance { late: u16::from(extra) },
            _ => Decision::Drop { actor: index },
        });
        let schedule = Schedule::new(Layout::ALL[layout], world, decisions.collect());
        proptest::prop_assert_eq!(schedule.to_string().parse::<Schedule>().unwrap(), schedule);
        if let Ok(schedule) = noise.parse::<Schedule>() {
            proptest::prop_assert_eq!(schedule.to_string().parse::<Schedule>().unwrap(), schedule);
        }
    }
}

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

#[test]
fn a_panic_is_told_with_its_place() {
    let run = run_once(
        Layout::One,
        &mut Serial,
        vec![script(awaits(1)), script(async { panic!("no such card") })],
    );
    let Ending::Panicked { actor: 1, panic } = run.ending() else {
        panic!("{:?}", run.ending())
    };
    assert_eq!(panic.message(), "no such card");
    assert!(panic.location().unwrap().contains("search.rs"), "{panic}");
    let spawning = async {
        drop(tokio::spawn(async { panic!("in a task") }));
        yield_now().await;
        yield_now().await;
    };
    let mut stage_driver = Driver::new();
    let mut stage = stage_driver.stage(Layout::One);
    let run = stage.run(&mut [script(spawning)], &mut RandomWalk::new(0));
    let late: Vec<_> = stage.drain();
    let mut panics: Vec<_> = run
        .panics()
        .iter()
        .map(|(_, panic)| panic.message().to_owned())
        .collect();
    panics.extend(late.iter().map(|panic| panic.message().to_owned()));
    assert_eq!(panics, ["in a task"]);
    assert_eq!(*run.ending(), Ending::Done);
}
