//! The wait for a test's tasks at its end.

use std::time::{Duration, Instant};

use tokio::task;
use tokio::time;

use crate::case::resources::ClockState;
use crate::case::state::Cleanups;
use crate::case::tasks::Tasks;
use crate::report::Leftovers;

/// How often the wait yields, so that tasks that can run do.
const YIELDS: usize = 200;

/// For how long, in real time, tasks that are about to end are waited for.
const PATIENCE: Duration = Duration::from_millis(200);

/// How long a runtime may take to shut down.
pub(super) const SHUTDOWN: Duration = Duration::from_secs(1);

/// How long all of it may take together.
pub(super) const LIMIT: Duration = Duration::from_millis(2_200);

/// Waits a little for tasks to end, or for one to register a clean-up; returns those that are alive then.
pub(super) async fn wait_for_tasks(tasks: &Tasks, cleanups: &Cleanups, clock: &ClockState) -> Leftovers {
    let too_many = || {
        let leftovers = tasks.leftovers();
        leftovers.alive() > leftovers.allowed && !cleanups.are_left()
    };
    for _ in 0..YIELDS {
        if !too_many() {
            break;
        }
        task::yield_now().await;
    }
    // Where the clock is paused, tasks wait only for each other: yielding is enough.
    if !clock.is_paused() {
        let begun = Instant::now();
        while too_many() && begun.elapsed() < PATIENCE {
            time::sleep(Duration::from_millis(1)).await;
        }
    }
    tasks.leftovers()
}
