//! Actors to drive, and one execution of them.

use std::cell::RefCell;

use ssot_harness::interleave::{Driver, FutureActor, Run, RuntimeTopology, Strategy};
use tokio::task::{JoinHandle, yield_now};

pub(crate) type Script<'a> = FutureActor<dyn Future<Output = ()> + 'a>;

pub(crate) fn script<'a>(future: impl Future<Output = ()> + 'a) -> Script<'a> {
    FutureActor::boxed(Box::pin(future))
}

pub(crate) async fn awaits(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

/// Spawns from within a task: what its runtime then has in its queue is not seen from outside.
pub(crate) async fn spawn_within_a_task<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    // In a tuple, for a task that comes to a future looks like one that forgot to await it.
    let (inner,) = tokio::spawn(async { (tokio::spawn(future),) }).await.unwrap();
    inner
}

/// Runs actors once, in the order of a strategy.
pub(crate) fn run_once(
    topology: RuntimeTopology,
    strategy: &mut dyn Strategy,
    actors: Vec<Script<'_>>,
) -> Run {
    let mut driver = Driver::new();
    run_on(&mut driver, topology, strategy, actors)
}

pub(crate) fn run_on(
    driver: &mut Driver,
    topology: RuntimeTopology,
    strategy: &mut dyn Strategy,
    mut actors: Vec<Script<'_>>,
) -> Run {
    let mut session = driver.session(topology);
    let run = session.run(&mut actors, strategy);
    session.within(|| drop(actors)).unwrap();
    run
}

/// A failure that needs so many preemptions, in windows one step wide: user 2 begins right after user 1's step `a`; user
/// 1 goes on right after user 2's step `b`; user 2 goes on right after user 1's step `c`.
pub(crate) fn windows(
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
        RuntimeTopology::One,
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
