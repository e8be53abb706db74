use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::{Canceller, Driver, Executed, Oracle, Tally, Until};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{AbortHandle, JoinHandle, yield_now};
use tokio::time::timeout;

use crate::cast::{repertoire, user};
use crate::shapes::Shape;

/// After how long a test that hangs is given up. No shape waits for so long by itself.
const HANGS: Duration = Duration::from_millis(100);

/// What is used again for the next execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    Runtime,
    Nothing,
}

/// Spawns the users of a fresh system, and waits for them.
///
/// The order is that of the machine: a seed is a repetition, and decides nothing but whose call is cut off.
pub(crate) struct Spawning {
    keep: Keep,
    shapes: Vec<Shape>,
}

impl Spawning {
    pub(crate) fn new(keep: Keep) -> Self {
        Self {
            keep,
            shapes: repertoire(),
        }
    }
}

impl Driver for Spawning {
    fn unfit(&self, _shape: usize) -> Option<&'static str> {
        None
    }

    fn execute(&mut self, shape: usize, seed: u64, until: Until) -> Tally {
        let shape = self.shapes[shape];
        // A test program that keeps its runtime starts it once: its threads are not part of a search.
        let kept = (self.keep == Keep::Runtime).then(runtime);
        until.execute(Instant::now(), |number| {
            let oracle = Oracle::default();
            let test = spawn_all(&shape, &oracle, Canceller::new(seed, number));
            match &kept {
                Some(kept) => kept.block_on(test),
                None => runtime().block_on(test),
            }
            Executed {
                leaked: oracle.has_leaked(),
                decisions: None,
            }
        })
    }
}

/// As many threads as the machine has cores, which is tokio's default.
fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .enable_time()
        .build()
        .expect("the machine has room for a runtime")
}

async fn spawn_all(shape: &Shape, oracle: &Oracle, canceller: Canceller) {
    let system = (shape.build)();
    let users: Vec<JoinHandle<()>> = (0..shape.users)
        .map(|index| tokio::spawn(user(&system, oracle, index)))
        .collect();
    drop(system);
    let handles: Arc<[AbortHandle]> = users.iter().map(JoinHandle::abort_handle).collect();
    let drops = shape.depth.drops;
    let cancels = (drops > 0).then(|| tokio::spawn(cancel(Arc::clone(&handles), drops, canceller)));
    let ends = timeout(HANGS, async {
        for task in users.into_iter().chain(cancels) {
            // Whose call was cut off has no answer.
            drop(task.await);
        }
    });
    if ends.await.is_err() {
        handles.iter().for_each(AbortHandle::abort);
    }
}

async fn cancel(handles: Arc<[AbortHandle]>, drops: u32, mut canceller: Canceller) {
    for _ in 0..drops {
        for _ in 0..canceller.turns() {
            yield_now().await;
        }
        handles[canceller.victim(handles.len())].abort();
    }
}
