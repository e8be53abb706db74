//! Actors to drive, and one execution of them.

use ssot_harness::interleave::{Driver, FutureActor, Layout, Run, Strategy};
use tokio::task::yield_now;

pub(crate) type Script<'a> = FutureActor<dyn Future<Output = ()> + 'a>;

pub(crate) fn script<'a>(future: impl Future<Output = ()> + 'a) -> Script<'a> {
    FutureActor::boxed(Box::pin(future))
}

pub(crate) async fn awaits(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

/// Runs actors once, in the order of a strategy.
pub(crate) fn run_once(layout: Layout, strategy: &mut dyn Strategy, actors: Vec<Script<'_>>) -> Run {
    let mut driver = Driver::new();
    run_on(&mut driver, layout, strategy, actors)
}

pub(crate) fn run_on(
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
