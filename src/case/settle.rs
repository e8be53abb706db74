//! The end of a test: what it left alive.

use std::time::{Duration, Instant};

use tokio::task;
use tokio::time;

use super::core::Core;
use super::tasks::Census;

/// How often tasks are given a turn, to do what they have been told to do already.
const TURNS: usize = 200;

/// For how long, in real time, tasks that are about to end are waited for.
const PATIENCE: Duration = Duration::from_millis(200);

/// How long a runtime may take to come down.
pub(super) const SHUTDOWN: Duration = Duration::from_secs(1);

/// How long all of it may take together.
pub(super) const LIMIT: Duration = Duration::from_millis(2_200);

/// Waits a little for tasks to end, or for one to register a clean-up; who is left then.
pub(super) async fn census(core: &Core) -> Census {
    let too_many = || {
        let census = core.tasks.census(core.tasks_alive());
        census.alive() > census.allowed && !core.cleanups.are_left()
    };
    for _ in 0..TURNS {
        if !too_many() {
            break;
        }
        task::yield_now().await;
    }
    // Where the clock stands still, tasks wait for nothing but each other: turns are all that they need.
    if !core.clock.is_paused() {
        let begun = Instant::now();
        while too_many() && begun.elapsed() < PATIENCE {
            time::sleep(Duration::from_millis(1)).await;
        }
    }
    core.tasks.census(core.tasks_alive())
}
