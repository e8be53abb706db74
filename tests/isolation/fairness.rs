//! A runnable that a schedule never chooses is the schedule's fault; what does not end under a fair one either is a livelock.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rstest::rstest;
use ssot_harness::interleave::{Decision, Schedule};
use ssot_harness::prelude::*;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::{Instant, sleep, timeout};

use crate::systems::{LONG, kinds};

/// Whoever finds the place taken yields and asks again, while the one who has it sleeps.
fn asks_again(users: usize, hold: Duration) -> Check<Semaphore> {
    isolation(async || Semaphore::new(1))
        .users(users, async move |user: &User, places: &Semaphore| {
            let _place = loop {
                match places.try_acquire() {
                    Ok(place) => break place,
                    Err(_) => yield_now().await,
                }
            };
            sleep(hold).await;
            user.saw(Surface::Reply, &user.secret("card"));
            Ok(())
        })
        .within(LONG)
        .executions(150)
        .without_regressions()
}

#[rstest]
#[case::briefly(3, Duration::from_millis(5))]
#[case::for_long(3, Duration::from_secs(90))]
#[case::many(6, Duration::from_millis(5))]
fn who_asks_again_until_it_is_served_does_not_hang(#[case] users: usize, #[case] hold: Duration) {
    for seed in 0..3 {
        let report = asks_again(users, hold).seed(seed).check().unwrap();
        assert_eq!(report.caveats(), [""; 0]);
        // Schedules with any number of rounds exist, and they were not all run.
        assert!(report.certificate().is_none(), "{report}");
    }
}

type Jobs = Arc<Mutex<VecDeque<(String, oneshot::Sender<String>)>>>;

/// A worker that yields while there is nothing to do; faulty where it answers with the job before.
fn idle_worker(faulty: bool) -> Check<Jobs> {
    isolation(async move || {
        let jobs = Jobs::default();
        let queue = Arc::clone(&jobs);
        tokio::spawn(async move {
            let mut last = String::new();
            loop {
                let job = queue.lock().unwrap().pop_front();
                match job {
                    Some((text, answer)) => {
                        let before = std::mem::replace(&mut last, text.clone());
                        let text = if faulty && !before.is_empty() {
                            before
                        } else {
                            text
                        };
                        // The user may be gone.
                        drop(answer.send(text));
                    }
                    None => yield_now().await,
                }
            }
        });
        jobs
    })
    .users(2, async |user: &User, jobs: &Jobs| {
        let (answer, answered) = oneshot::channel();
        jobs.lock().unwrap().push_back((user.secret("job"), answer));
        user.saw(Surface::Reply, &timeout(Duration::from_secs(5), answered).await??);
        Ok(())
    })
    .within(LONG)
    .executions(150)
    .without_regressions()
}

#[test]
fn a_worker_that_yields_while_it_is_idle_holds_nobody_up() {
    idle_worker(false).check().unwrap();
    assert_eq!(kinds(idle_worker(true).check()), ["context-leak"]);
}

/// A flag that a task sets after a while; who waits for it polls again and again.
#[test]
fn time_moves_although_somebody_spins() {
    let report = isolation(async || {
        let ready = Arc::new(AtomicBool::new(false));
        let soon = Arc::clone(&ready);
        tokio::spawn(async move {
            sleep(Duration::from_millis(20)).await;
            soon.store(true, Ordering::Relaxed);
        });
        ready
    })
    .users(2, async |user: &User, ready: &Arc<AtomicBool>| {
        while !ready.load(Ordering::Relaxed) {
            yield_now().await;
        }
        user.saw(Surface::Reply, &user.secret("card"));
        Ok(())
    })
    .within(LONG)
    .executions(100)
    .without_regressions()
    .check()
    .unwrap();
    assert_eq!(report.caveats(), [""; 0]);
}

/// Real time goes by for a thread, although somebody spins.
#[test]
fn who_spins_until_a_thread_is_done_does_not_hang() {
    isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            let done = Arc::new(AtomicBool::new(false));
            let tell = Arc::clone(&done);
            drop(spawn_blocking(move || {
                std::thread::sleep(Duration::from_millis(2));
                tell.store(true, Ordering::Release);
            }));
            while !done.load(Ordering::Acquire) {
                yield_now().await;
            }
            user.saw(Surface::Reply, &user.secret("card"));
            Ok(())
        })
        .within(LONG)
        .executions(10)
        .without_regressions()
        .check()
        .unwrap();
}

/// Two who each wait for the other's turn to be over, without an end.
fn after_you() -> Check<Cell<[bool; 2]>> {
    isolation(async || Cell::new([false; 2]))
        .users(2, async |user: &User, wants: &Cell<[bool; 2]>| {
            user.saw(Surface::Reply, &user.secret("card"));
            let set = |mine: bool| {
                let mut both = wants.get();
                both[user.index()] = mine;
                wants.set(both);
            };
            set(true);
            yield_now().await;
            while wants.get()[1 - user.index()] {
                yield_now().await;
            }
            set(false);
            Ok(())
        })
        .within(LONG)
        .steps(4_000)
        .without_regressions()
}

#[test]
fn a_livelock_is_found_and_told_from_a_deadlock() {
    let failure = after_you().check().unwrap_err();
    assert_eq!(kinds(Err(failure)), ["hang"]);
    let failure = after_you().check().unwrap_err();
    let detail = failure.violations()[0].detail();
    assert!(
        detail.contains("a livelock") && detail.contains("every runnable had its turn"),
        "{detail}"
    );
    // What follows by itself is not in the text.
    let text = failure.replay_text().unwrap().to_owned();
    assert!(text.len() < 2_000, "{} characters", text.len());
    let again = after_you().replay(&*text).check().unwrap_err();
    assert_eq!(again.violations()[0].detail(), detail);
    assert!(!again.is_nondeterministic());

    let deadlock = isolation(async || [Semaphore::new(1), Semaphore::new(1)])
        .users(2, async |user: &User, forks: &[Semaphore; 2]| {
            user.saw(Surface::Reply, &user.secret("card"));
            let _first = forks[user.index()].acquire().await?;
            yield_now().await;
            let _second = forks[1 - user.index()].acquire().await?;
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap_err();
    let detail = deadlock.violations()[0].detail();
    assert!(
        detail.contains("a deadlock") && !detail.contains("livelock"),
        "{detail}"
    );
}

/// A timer fires on time although somebody spins: the clock goes by small steps.
#[test]
fn a_timeout_is_not_overtaken_where_somebody_spins() {
    isolation(async || Semaphore::new(1))
        .users(3, async |user: &User, places: &Semaphore| {
            let begun = Instant::now();
            let _place = loop {
                match places.try_acquire() {
                    Ok(place) => break place,
                    Err(_) => yield_now().await,
                }
            };
            let held = timeout(Duration::from_millis(20), sleep(Duration::from_millis(10))).await;
            assert!(begun.elapsed() < Duration::from_secs(10));
            user.saw(Surface::Reply, &(user.secret("card"), held.is_ok()));
            Ok(())
        })
        .within(LONG)
        .executions(150)
        .without_regressions()
        .check()
        .unwrap();
}

#[test]
fn the_clock_past_runnables_is_a_decision_with_a_text() {
    let schedule: Schedule = "v1:one@0:1,t!5,1x2,t!60000".parse().unwrap();
    assert_eq!(schedule.decisions()[1], Decision::Pass { millis: 5 });
    assert_eq!(schedule.to_string(), "v1:one@0:1,t!5,1x2,t!60000");
    "v1:one@0:t!70000".parse::<Schedule>().unwrap_err();
    "v1:one@0:t!".parse::<Schedule>().unwrap_err();
}
