//! The end of a test: what it left alive.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::task;
use tokio::time;

use super::core::Core;
use super::finding::What;
use super::phase::Phase;
use super::watch::GivenUp;

/// How often tasks are given a turn, to do what they have been told to do already.
const TURNS: usize = 200;

/// For how long, in real time, tasks that are about to end are waited for.
const PATIENCE: Duration = Duration::from_millis(200);

/// How long a runtime may take to come down.
const SHUTDOWN: Duration = Duration::from_secs(1);

/// Waits a little for tasks to end, takes the runtime down, and notes who was left.
pub(super) fn settle(
    core: &Arc<Core>,
    runtime: Runtime,
    begin: impl FnOnce(Phase, Option<Duration>) -> Result<(), GivenUp>,
) -> Result<(), GivenUp> {
    begin(Phase::Settling, Some(PATIENCE + SHUTDOWN + SHUTDOWN))?;
    let census = runtime.block_on(census(core));
    if census.alive() > census.allowed {
        core.found(Phase::Settling, What::Tasks(census));
    }
    runtime.shutdown_timeout(SHUTDOWN);
    let threads = core.threads_alive();
    if threads > 0 {
        core.found(Phase::Settling, What::Threads(threads));
    }
    Ok(())
}

async fn census(core: &Core) -> super::tasks::Census {
    let too_many = || {
        let census = core.tasks.census(core.tasks_alive());
        census.alive() > census.allowed
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
