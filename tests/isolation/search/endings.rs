//! How executions end.

use std::time::Duration;

use ssot_harness::interleave::{Decision, Driver, Ending, Guided, RandomWalk, RuntimeTopology, Serial};
use tokio::sync::Mutex;
use tokio::task::yield_now;

use crate::search::actors::{Script, awaits, run_on, run_once, script};

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
    for topology in RuntimeTopology::ALL {
        let (left, right) = (Mutex::new(()), Mutex::new(()));
        let actors = vec![both(&left, &right), both(&right, &left)];
        let list = [0, 1].map(|actor| Decision::Run { actor });
        let run = run_once(topology, &mut Guided::new(&list), actors);
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
    let run = run_once(
        RuntimeTopology::One,
        &mut Serial,
        vec![script(std::future::pending())],
    );
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

#[test]
fn a_deadlock_counts_the_tasks_that_wait() {
    for (pending, says) in [
        (0, "nothing holds its waker: it was never arranged to wake"),
        (1, "; one spawned task"),
        (2, "; 2 spawned tasks"),
    ] {
        let waits = async move {
            tokio::spawn(awaits(1)).await.unwrap();
            for _ in 0..pending {
                drop(tokio::spawn(std::future::pending::<()>()));
            }
            std::future::pending::<()>().await;
        };
        let run = run_once(RuntimeTopology::One, &mut Serial, vec![script(waits)]);
        let Ending::Deadlock(waiting) = run.ending() else {
            panic!("{:?}", run.ending())
        };
        assert_eq!(waiting[0].tasks, pending);
        let told = waiting[0].to_string();
        assert!(told.contains(says), "{told}");
        assert_eq!(told.contains("spawned"), pending > 0, "{told}");
    }
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
    for topology in RuntimeTopology::ALL {
        for endless in endless {
            let mut driver = Driver::new();
            driver.limit_steps(500);
            let run = run_on(
                &mut driver,
                topology,
                &mut Serial,
                vec![endless(), script(awaits(2))],
            );
            assert_eq!(*run.ending(), Ending::StepLimit(500));
            assert_eq!(run.decisions().len(), 500);
        }
    }
}

#[test]
fn a_panic_is_told_with_its_place() {
    let run = run_once(
        RuntimeTopology::One,
        &mut Serial,
        vec![script(awaits(1)), script(async { panic!("no such card") })],
    );
    let Ending::Panicked { actor: 1, panic } = run.ending() else {
        panic!("{:?}", run.ending())
    };
    assert_eq!(panic.message(), "no such card");
    assert!(panic.location().unwrap().contains("endings.rs"), "{panic}");
    let spawning = async {
        drop(tokio::spawn(async { panic!("in a task") }));
        yield_now().await;
        yield_now().await;
    };
    let mut session_driver = Driver::new();
    let mut session = session_driver.session(RuntimeTopology::One);
    let run = session.run(&mut [script(spawning)], &mut RandomWalk::new(0));
    let late: Vec<_> = session.drain();
    let mut panics: Vec<_> = run
        .panics()
        .iter()
        .map(|(_, panic)| panic.message().to_owned())
        .collect();
    panics.extend(late.iter().map(|panic| panic.message().to_owned()));
    assert_eq!(panics, ["in a task"]);
    assert_eq!(*run.ending(), Ending::Done);
}

#[test]
fn in_real_time_a_deadlock_is_believed_when_patience_is_at_its_end() {
    let mut driver = Driver::new();
    driver.be_patient(Duration::from_millis(10));
    let mut session = driver.real_session();
    let run = session.run(
        &mut [script(awaits(2)), script(std::future::pending())],
        &mut Serial,
    );
    assert!(
        matches!(run.ending(), Ending::Deadlock(waiting) if waiting.len() == 1),
        "{:?}",
        run.ending()
    );
    assert_eq!(run.finished(), [true, false]);
}

/// The clock stands still for a blocking task, and one that serves as long as its system lives never ends.
#[test]
fn a_blocking_task_that_never_ends_is_not_waited_for() {
    for topology in RuntimeTopology::ALL {
        let mut driver = Driver::new();
        driver.be_patient(Duration::from_millis(20));
        let (_serving, served) = std::sync::mpsc::channel::<()>();
        let user = async move {
            drop(tokio::task::spawn_blocking(move || served.recv()));
            tokio::time::sleep(Duration::from_secs(3_600)).await;
        };
        let run = run_on(
            &mut driver,
            topology,
            &mut Guided::new(&[Decision::Run { actor: 1 }; 2]),
            vec![script(user), script(awaits(1))],
        );
        let Ending::RealIo(message) = run.ending() else {
            panic!("{topology}: {:?}", run.ending())
        };
        assert!(message.contains("spawn_blocking"), "{message}");
        assert_eq!(run.finished(), [false, true]);
    }
}
