//! What was found the hard way about driving tokio futures by a schedule, each as a test. Clocks, traps 3, 4 and 6, are
//! in `time`; deadlocks and endless executions, trap 8, are in `endings`; nondeterminism, trap 9, is in `hazards`
//! of the isolation check.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ssot_harness::interleave::{
    Decision, Divergence, Ending, Guided, Perturbed, RandomWalk, Replay, Run, RuntimeTopology, Serial, Shape,
    Strategy, View, shrink, yield_point,
};
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::search::actors::{run_once, script};

/// Trap 1: polled under an entered handle, outside of `block_on`, an actor has all of tokio.
#[test]
fn an_actor_has_spawn_sleep_and_yield() {
    for topology in RuntimeTopology::ALL {
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
        let run = run_once(topology, &mut RandomWalk::new(1), actors);
        assert_eq!(*run.ending(), Ending::Done, "{topology}");
        assert_eq!(done.get(), 3);
    }
}

/// A fake that never waits has an await where it says so.
#[test]
fn a_yield_point_is_an_await() {
    let run = run_once(
        RuntimeTopology::One,
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
    for topology in RuntimeTopology::ALL {
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
                topology,
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
                    "{topology}, seed {seed}, step {step}: {decision:?} in {}",
                    run.schedule(0)
                );
            }
            assert_eq!(polls.load(Ordering::SeqCst), 18);
        }
    }
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
    let run = run_once(
        RuntimeTopology::One,
        strategy,
        vec![script(user(1)), script(user(2))],
    );
    (run, mixed_up.get())
}

/// Trap 5: a ready await is passed without a stop, but for one that an await budget stops.
#[test]
fn a_ready_await_is_interrupted_by_a_budget_only() {
    let shape = Shape::of(vec![1, 1]);
    let mut walk = RandomWalk::new(5);
    assert!((0..500).all(|_| walk.begin(&shape) && !ready_race(&mut walk).1));
    let mut mix = Perturbed::new(RandomWalk::new(5), 5, 0);
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
fn spawned_in_order(topology: RuntimeTopology, seed: u64) -> Vec<u32> {
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
    let run = run_once(topology, &mut walk, vec![script(user(1)), script(user(2))]);
    assert_eq!(*run.ending(), Ending::Done);
    std::iter::from_fn(|| told.try_recv().ok()).collect()
}

/// Trap 6: tasks of one runtime keep the order in which they were spawned; those of several do not.
#[test]
fn the_topology_decides_which_tasks_can_change_places() {
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
        run_once(
            RuntimeTopology::One,
            &mut walk,
            vec![script(user(1)), script(user(2))],
        );
        first.into_inner()
    };
    let mut orders = Vec::new();
    for topology in RuntimeTopology::ALL {
        let seen: BTreeSet<(Option<usize>, Vec<u32>)> = (0..200)
            .map(|seed| (spawned_first(seed), spawned_in_order(topology, seed)))
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
    let inverted = |topology, seed| {
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
        run_once(topology, &mut RandomWalk::new(seed), vec![script(user)]);
        [told.try_recv().unwrap(), told.try_recv().unwrap()] == [2, 1]
    };
    let ever = RuntimeTopology::ALL.map(|topology| (0..100).any(|seed| inverted(topology, seed)));
    assert_eq!(ever, [false, false, true]);
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
    run_once(RuntimeTopology::One, &mut Serial, vec![script(user)]);
    let order: Vec<_> = std::iter::from_fn(|| told.try_recv().ok()).collect();
    assert_eq!(order, [0, 1, 2, 0, 1, 2]);
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
    let run = run_once(RuntimeTopology::One, &mut Serial, vec![script(user)]);
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
        RuntimeTopology::One,
        &mut RandomWalk::new(1),
        vec![script(user()), script(user())],
    );
    assert_eq!(*run.ending(), Ending::Done);
    let again = run_once(
        RuntimeTopology::One,
        &mut Replay::new(run.schedule(0)),
        vec![script(user()), script(user())],
    );
    assert_eq!(again.decisions(), run.decisions());
}
