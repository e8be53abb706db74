//! A schedule replays exactly, from its text, or says where it does not fit.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ssot_harness::interleave::{
    Driver, Enumeration, FutureActor, Guided, Pct, Perturbed, Portfolio, RandomWalk, Replay, Run,
    RuntimeTopology, Schedule, Shape, SparseDeviations, Strategy, UniformWalk,
};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::sleep;

use crate::search::actors::{awaits, run_on, run_once, script, spawn_within_a_task};

/// An execution of everything at once: tasks, timers, locks, channels, budgets, drops. What happened, in order.
fn busy_execution(
    driver: &mut Driver,
    topology: RuntimeTopology,
    strategy: &mut dyn Strategy,
) -> (Run, Vec<(usize, u32)>) {
    let log = RefCell::new(Vec::new());
    let lock = Arc::new(Mutex::new(0));
    let (tell, told) = mpsc::channel::<usize>(3);
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
        topology,
        strategy,
        (0..3).map(|number| script(user(number))).collect(),
    );
    (run, log.into_inner())
}

/// A schedule replays exactly, from its text: ten thousand, over all topologies.
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
    for topology in RuntimeTopology::ALL {
        let strategies: [Box<dyn Strategy>; 6] = [
            Box::new(Portfolio::new(11, u64::MAX, 10).in_topology(Some(topology))),
            Box::new(Perturbed::new(RandomWalk::new(12), 12, 10)),
            Box::new(Perturbed::new(Pct::new(13, 3), 13, 10)),
            Box::new(UniformWalk::new(14)),
            Box::new(SparseDeviations::new(15, 4)),
            Box::new(Enumeration::new(u64::MAX, u32::MAX)),
        ];
        for mut strategy in strategies {
            let mut replayed = 0;
            while replayed < 560 {
                assert!(strategy.begin(&shape));
                let (run, log) = busy_execution(&mut driver, topology, &mut *strategy);
                if run.divergence().is_some() {
                    continue;
                }
                replayed += 1;
                let text = run.schedule(5).to_string();
                let schedule: Schedule = text.parse().unwrap();
                assert_eq!(schedule, run.schedule(5));
                let (again, log_again) = busy_execution(&mut driver, topology, &mut Replay::new(schedule));
                assert_eq!(again.decisions(), run.decisions(), "{text}");
                assert_eq!(again.ending(), run.ending(), "{text}");
                assert_eq!(log_again, log, "{text}");
                for at in 0..run.decisions().len() {
                    assert_eq!(again.preempted_at(at), run.preempted_at(at), "{text}");
                }
                different.insert((topology, log));
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
            RuntimeTopology::One,
            &mut replay,
            vec![script(awaits(1)), script(awaits(1))],
        );
        let divergence = run.divergence().expect("it does not fit").clone();
        (divergence.step(), divergence.to_string())
    };
    for (text, step, reason) in [
        ("v1:one@0:1,3", 2, "it names user 3 of 2; user 1, user 2 can run"),
        ("v1:one@0:1x3", 3, "user 1 has already ended; user 2 can run"),
        (
            "v1:one@0:1,t",
            2,
            "the clock moves only when everybody who has begun waits; user 1, user 2 can run",
        ),
        (
            "v1:one@0:s0",
            1,
            "runtime 0 has no task to poll; user 1, user 2 can run",
        ),
        (
            "v1:one@0:1,1d",
            2,
            "it drops user 1, and no more drops are allowed; user 1, user 2 can run",
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

/// Whether a runtime has another task shows only when it is tried: where it had one, that is what does not fit.
#[test]
fn a_task_that_the_schedule_does_not_know_of_is_told() {
    let spawning = async {
        spawn_within_a_task(async {}).await.await.unwrap();
    };
    let mut replay = Replay::new("v1:one@0:1,s0,t,1".parse().unwrap());
    let run = run_once(RuntimeTopology::One, &mut replay, vec![script(spawning)]);
    let divergence = run.divergence().expect("it does not fit");
    assert_eq!(divergence.step(), 3);
    assert_eq!(
        divergence.reason(),
        "a spawned task ran where the schedule has `the clock moves`"
    );
}

#[test]
fn a_drop_that_does_not_fit_says_why() {
    for (text, step, reason) in [
        ("v1:one@0:1d", 1, "user 1 has no call in flight to drop; "),
        (
            "v1:one@0:1,1d,1d",
            3,
            "it drops user 1, and no more drops are allowed; ",
        ),
        ("v1:one@0:1x2,3d", 3, "it drops a call of user 3 of 2; "),
    ] {
        let mut driver = Driver::new();
        driver.allow_drops(1);
        let mut replay = Replay::new(text.parse().unwrap());
        let actors = vec![script(awaits(1)), script(awaits(1))];
        let run = run_on(&mut driver, RuntimeTopology::One, &mut replay, actors);
        let divergence = run.divergence().expect("it does not fit");
        assert_eq!(divergence.step(), step, "{text}");
        assert!(divergence.reason().starts_with(reason), "{text}: {divergence}");
    }
}

/// A request, and who waits for the answer.
type Asked = mpsc::UnboundedSender<oneshot::Sender<()>>;

/// One worker for everybody, which has each request done on a thread, for so long.
fn worker(takes: Duration) -> Asked {
    let (tell, mut asked) = mpsc::unbounded_channel::<oneshot::Sender<()>>();
    tokio::spawn(async move {
        while let Some(answer) = asked.recv().await {
            spawn_blocking(move || thread::sleep(takes)).await.unwrap();
            answer.send(()).unwrap();
        }
    });
    tell
}

/// Who was answered, in order.
fn answered(driver: &mut Driver, takes: Duration, strategy: &mut dyn Strategy) -> (Run, Vec<usize>) {
    let seen = RefCell::new(Vec::new());
    let mut session = driver.session(RuntimeTopology::One);
    let asked = session.alone(async { worker(takes) }).unwrap();
    let mut actors: Vec<_> = (0..2)
        .map(|user| {
            let (asked, seen) = (&asked, &seen);
            FutureActor::new(async move {
                for _ in 0..4 {
                    let (tell, answer) = oneshot::channel();
                    asked.send(tell).unwrap();
                    answer.await.unwrap();
                    seen.borrow_mut().push(user);
                }
            })
        })
        .collect();
    strategy.begin(&Shape::of(vec![5; 2]));
    let run = session.run(&mut actors, strategy);
    session.within(|| drop(actors)).unwrap();
    session.drain();
    drop(asked);
    (run, seen.into_inner())
}

#[test]
fn users_go_in_the_order_of_the_list_however_long_threads_take() {
    let mut driver = Driver::new();
    for seed in 0..20 {
        let (run, seen) = answered(&mut driver, Duration::ZERO, &mut RandomWalk::new(seed));
        for milliseconds in [0, 2] {
            let takes = Duration::from_millis(milliseconds);
            let mut guided = Guided::new(run.decisions()).patiently();
            let (again, seen_again) = answered(&mut driver, takes, &mut guided);
            let (was, is) = (run.schedule(0), again.schedule(0));
            assert_eq!(
                seen_again, seen,
                "seed {seed}, {milliseconds} ms: {was}, then {is}"
            );
        }
    }
}
