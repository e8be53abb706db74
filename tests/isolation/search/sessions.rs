//! An execution has a session of its own: nothing of the one before it is felt.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use ssot_harness::interleave::{Decision, Driver, Ending, Guided, RuntimeTopology, Schedule, Serial};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use crate::search::actors::{awaits, run_on, script};

/// Timers are rounded to ticks of their runtime's clock, so that one which does not begin at zero shows.
#[test]
fn the_clock_of_an_execution_begins_at_zero() {
    let mut driver = Driver::new();
    let mut waits = || {
        let waited = RefCell::new(Vec::new());
        let actor = async {
            for millis in [1, 1_000, 1] {
                let before = Instant::now();
                sleep(Duration::from_millis(millis)).await;
                waited.borrow_mut().push(before.elapsed());
            }
        };
        // Late by a millisecond at least, and then by a sixty-fourth of the wait, which is no whole number of them.
        let list = [
            Decision::Run { actor: 0 },
            Decision::Advance { late: 1 },
            Decision::Run { actor: 0 },
            Decision::Advance { late: 1 },
        ];
        let run = run_on(
            &mut driver,
            RuntimeTopology::One,
            &mut Guided::new(&list),
            vec![script(actor)],
        );
        assert_eq!(*run.ending(), Ending::Done);
        waited.into_inner()
    };
    let first = waits();
    for _ in 0..3 {
        assert_eq!(waits(), first);
    }
}

#[test]
fn a_task_that_is_left_behind_ends_with_its_execution() {
    let mut driver = Driver::new();
    let strays = Arc::new(AtomicUsize::new(0));
    let leave = {
        let strays = Arc::clone(&strays);
        async move {
            drop(tokio::spawn(async move {
                strays.fetch_add(1, Ordering::SeqCst);
            }));
        }
    };
    let run = run_on(
        &mut driver,
        RuntimeTopology::One,
        &mut Serial,
        vec![script(leave)],
    );
    assert_eq!(*run.ending(), Ending::Done);
    let waiting = async {
        tokio::spawn(awaits(3)).await.unwrap();
        sleep(Duration::from_millis(1)).await;
    };
    let run = run_on(
        &mut driver,
        RuntimeTopology::One,
        &mut Serial,
        vec![script(waiting)],
    );
    assert_eq!(*run.ending(), Ending::Done);
    assert_eq!(strays.load(Ordering::SeqCst), 0);
}

/// While one is at work, tokio lets no clock of its runtime move by itself.
#[test]
fn a_blocking_task_that_is_left_behind_does_not_hold_up_the_next_execution() {
    let mut driver = Driver::new();
    let (release, released) = std::sync::mpsc::channel::<()>();
    let leave = async move {
        drop(tokio::task::spawn_blocking(move || released.recv()));
    };
    let run = run_on(
        &mut driver,
        RuntimeTopology::One,
        &mut Serial,
        vec![script(leave)],
    );
    assert_eq!(*run.ending(), Ending::Done);
    let begun = std::time::Instant::now();
    let wait = async { sleep(Duration::from_secs(5)).await };
    let run = run_on(&mut driver, RuntimeTopology::One, &mut Serial, vec![script(wait)]);
    assert_eq!(*run.ending(), Ending::Done);
    assert!(begun.elapsed() < Duration::from_secs(5), "it took real time");
    drop(release);
}

/// Is done at once, and tells when it is dropped.
struct Held<'h>(&'h Cell<bool>);

impl Future for Held<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

#[test]
fn a_future_is_dropped_as_soon_as_it_is_done() {
    let dropped = Cell::new(false);
    let seen = Cell::new(false);
    let looks = async { seen.set(dropped.get()) };
    let run = run_on(
        &mut Driver::new(),
        RuntimeTopology::One,
        &mut Serial,
        vec![script(Held(&dropped)), script(looks)],
    );
    assert_eq!(*run.ending(), Ending::Done);
    assert!(seen.get());
}

/// A worker that all users share, on the system's own runtime.
#[test]
fn what_the_system_does_later_belongs_to_its_execution() {
    for topology in RuntimeTopology::ALL {
        let mut driver = Driver::new();
        let mut session = driver.session(topology);
        let done = Arc::new(AtomicUsize::new(0));
        let tell = Arc::clone(&done);
        let (requests, mut queue) = tokio::sync::mpsc::unbounded_channel::<()>();
        let build = async {
            drop(tokio::spawn(async move {
                while queue.recv().await.is_some() {
                    sleep(Duration::from_secs(20)).await;
                    tell.fetch_add(1, Ordering::Relaxed);
                }
            }));
        };
        session.alone(build).unwrap();
        let requests = &requests;
        let mut actors: Vec<_> = (0..2)
            .map(|_| {
                script(async move {
                    yield_now().await;
                    requests.send(()).unwrap();
                })
            })
            .collect();
        let run = session.run(&mut actors, &mut Serial);
        assert_eq!(*run.ending(), Ending::Done);
        assert_eq!(done.load(Ordering::Relaxed), 0);
        assert!(session.settle(Duration::from_secs(60), 100).is_empty());
        assert_eq!(done.load(Ordering::Relaxed), 2, "{topology:?}");
        assert_eq!(session.tasks(), 1, "the worker waits for more");
    }
}

/// On several runtimes, no clock may run ahead of another.
#[test]
fn what_users_leave_behind_goes_on_in_the_order_of_its_timers() {
    for topology in RuntimeTopology::ALL {
        let mut driver = Driver::new();
        let mut session = driver.session(topology);
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut actors: Vec<_> = [9, 4, 6]
            .map(|millis| {
                let order = Arc::clone(&order);
                script(async move {
                    drop(tokio::spawn(async move {
                        for times in 1..=2 {
                            sleep(Duration::from_millis(millis)).await;
                            order.lock().unwrap().push(times * millis);
                        }
                    }));
                })
            })
            .into();
        assert_eq!(*session.run(&mut actors, &mut Serial).ending(), Ending::Done);
        assert!(session.settle(Duration::from_secs(60), 100).is_empty());
        assert_eq!(*order.lock().unwrap(), [4, 6, 8, 9, 12, 18], "{topology:?}");
    }
}

/// Else a schedule could not do without the drop: the tasks that come after it would be called by other numbers.
#[test]
fn which_runtime_is_whose_does_not_hang_on_a_drop() {
    let two_who_spawn = |schedule: &str, cleans_up: bool| {
        let mut driver = Driver::new();
        driver.allow_drops(1);
        let schedule: Schedule = schedule.parse().unwrap();
        let actors = (0..2).map(|_| {
            script(async move {
                let _clean_up = cleans_up.then(|| CleanUp);
                tokio::spawn(yield_now()).await.unwrap();
            })
        });
        let mut guided = Guided::new(schedule.decisions());
        let run = run_on(
            &mut driver,
            RuntimeTopology::PerPoll,
            &mut guided,
            actors.collect(),
        );
        run.schedule(0).to_string()
    };
    for (schedule, cleans_up) in [
        ("v1:poll@0:1,2,s1x2,s2x2,1,2", false),
        ("v1:poll@0:1,1d,2,s1x2,s2x2,2", false),
        // A task that a clean-up spawns has a runtime of its own, as every other.
        ("v1:poll@0:1,1d,2,s1x2,s2,s3x2,2", true),
    ] {
        assert_eq!(two_who_spawn(schedule, cleans_up), schedule);
    }
}

/// Cleans up by a task.
struct CleanUp;

impl Drop for CleanUp {
    fn drop(&mut self) {
        drop(tokio::spawn(async {}));
    }
}
