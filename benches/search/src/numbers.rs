//! What the search costs by itself, beside what the design asks for.

use std::hint::black_box;
use std::task::Poll;
use std::time::{Duration, Instant};

use ssot_harness::interleave::{
    Driver, Ending, Enumeration, FutureActor, RandomWalk, RuntimeTopology, Shape, Strategy as _,
};
use tokio::task::yield_now;

use crate::table::Table;

/// Every number is the median of so many measurements.
const TIMES: usize = 15;

/// How many decisions the execution has by which a decision is timed.
const DECISIONS: u32 = 200_000;

/// How many executions are run for a rate.
const EXECUTIONS: u32 = 30_000;

/// Every number, with its goal.
#[must_use]
pub fn numbers() -> Table {
    let mut table = Table::new(&["what", "measured", "goal"]);
    let mut row = |what: &str, measured: String, goal: &str| {
        table.push([what.to_owned(), measured, goal.to_owned()]);
    };
    let what = "executions a second, 3 users of 4 awaits";
    for (runtime, is_fresh, goal) in [
        ("a fresh runtime", true, "300,000"),
        ("reused where clean", false, "-"),
    ] {
        let rate = f64::from(EXECUTIONS) / median(|| executions(is_fresh)).as_secs_f64();
        row(&format!("{what}, {runtime}"), format!("{rate:.0}"), goal);
    }
    for users in [2, 3, 8, 16] {
        for (kind, is_tokios, goal) in [("that wake themselves", false, "25"), ("of tokio's", true, "60")] {
            let decision = median(|| decisions(users, is_tokios)).as_secs_f64() / f64::from(DECISIONS);
            row(
                &format!("nanoseconds a decision, {users} users, awaits {kind}"),
                format!("{:.1}", decision * 1e9),
                goal,
            );
        }
    }
    let certificate = median(certificate).as_secs_f64() * 1e3;
    row(
        "milliseconds, certificate of 3 users of 8 awaits, at most 3 preemptions",
        format!("{certificate:.1}"),
        "50",
    );
    table
}

fn median(mut measure: impl FnMut() -> Duration) -> Duration {
    // The first pays for what is done once.
    measure();
    let mut times: Vec<_> = (0..TIMES).map(|_| measure()).collect();
    times.sort_unstable();
    times[TIMES / 2]
}

async fn awaits(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

/// The same without tokio, whose `yield_now` has the runtime wake the task later.
async fn plain_awaits(count: usize) {
    for _ in 0..count {
        let mut has_yielded = false;
        std::future::poll_fn(|cx| {
            if has_yielded {
                return Poll::Ready(());
            }
            has_yielded = true;
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

fn executions(is_fresh: bool) -> Duration {
    let mut driver = Driver::new();
    let mut walk = RandomWalk::new(1);
    let shape = Shape::of(vec![5; 3]);
    let begun = Instant::now();
    for _ in 0..EXECUTIONS {
        if is_fresh {
            driver = Driver::new();
        }
        walk.begin(&shape);
        let mut actors = [(); 3].map(|()| FutureActor::new(awaits(4)));
        let run = driver.session(RuntimeTopology::One).run(&mut actors, &mut walk);
        assert_eq!(*black_box(run).ending(), Ending::Done);
    }
    begun.elapsed()
}

fn decisions(users: usize, is_tokios: bool) -> Duration {
    let mut driver = Driver::new();
    driver.limit_steps(2 * DECISIONS as usize);
    let mut walk = RandomWalk::new(1);
    let each = DECISIONS as usize / users - 1;
    walk.begin(&Shape::of(vec![
        u32::try_from(each + 1).unwrap_or(u32::MAX);
        users
    ]));
    let actors = (0..users).map(|_| {
        if is_tokios {
            FutureActor::boxed(Box::pin(awaits(each)))
        } else {
            FutureActor::boxed(Box::pin(plain_awaits(each)))
        }
    });
    let mut actors: Vec<_> = actors.collect();
    let mut session = driver.session(RuntimeTopology::One);
    let begun = Instant::now();
    let run = session.run(&mut actors, &mut walk);
    let time = begun.elapsed();
    assert_eq!(run.decisions().len(), (each + 1) * users);
    time
}

fn certificate() -> Duration {
    let begun = Instant::now();
    let mut driver = Driver::new();
    let mut enumeration = Enumeration::new(u64::MAX, 3);
    let shape = Shape::of(vec![9; 3]);
    while enumeration.begin(&shape) {
        let mut actors = [(); 3].map(|()| FutureActor::new(awaits(8)));
        driver
            .session(RuntimeTopology::One)
            .run(&mut actors, &mut enumeration);
    }
    let certificate = enumeration.certificate().expect("all of them were run");
    assert_eq!(certificate.schedules(), 31_422);
    begun.elapsed()
}
