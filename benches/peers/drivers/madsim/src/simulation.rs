use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use madsim::Config;
use madsim::runtime::Runtime;
use protocol::{Canceller, Driver, Executed, Oracle, Tally, Until};
use tokio::task::{AbortHandle, JoinHandle, yield_now};

use crate::cast::{repertoire, user};
use crate::shapes::Shape;

/// Simulates an execution for every seed, as its tests do that are run with `MADSIM_TEST_NUM`; on one thread, where
/// they would start one for each.
pub(crate) struct Simulation(Vec<Shape>);

impl Default for Simulation {
    fn default() -> Self {
        Self(repertoire())
    }
}

impl Driver for Simulation {
    fn unfit(&self, shape: usize) -> Option<&'static str> {
        let needs_threads = self.0[shape].needs.threads;
        needs_threads.then_some("it has one thread, and there is no await between")
    }

    fn execute(&mut self, shape: usize, seed: u64, until: Until) -> Tally {
        let shape = self.0[shape];
        // No two searches have a seed in common.
        let first = seed << 32;
        until.execute(Instant::now(), |number| {
            let oracle = Oracle::default();
            let runtime = Runtime::with_seed_and_config(first + number, Config::default());
            let test = spawn_all(&shape, &oracle, Canceller::new(seed, number));
            // It panics where nothing can happen any more: the execution is over, and has shown nothing.
            drop(catch_unwind(AssertUnwindSafe(|| runtime.block_on(test))));
            Executed {
                leaked: oracle.has_leaked(),
                decisions: None,
            }
        })
    }
}

async fn spawn_all(shape: &Shape, oracle: &Oracle, canceller: Canceller) {
    let system = (shape.build)();
    let users: Vec<JoinHandle<()>> = (0..shape.users)
        .map(|index| tokio::spawn(user(&system, oracle, index)))
        .collect();
    drop(system);
    let drops = shape.depth.drops;
    let cancels = (drops > 0).then(|| {
        let handles = users.iter().map(JoinHandle::abort_handle).collect();
        tokio::spawn(cancel(handles, drops, canceller))
    });
    for task in users.into_iter().chain(cancels) {
        // Whose call was cut off has no answer.
        drop(task.await);
    }
}

async fn cancel(handles: Vec<AbortHandle>, drops: u32, mut canceller: Canceller) {
    for _ in 0..drops {
        for _ in 0..canceller.turns() {
            yield_now().await;
        }
        handles[canceller.victim(handles.len())].abort();
    }
}
