use std::time::{Duration, Instant};

use futures_util::future::{AbortHandle, abortable, join, join_all};
use protocol::{Canceller, Driver, Executed, Oracle, Tally, Until};
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::cast::{repertoire, user};
use crate::shapes::Shape;

/// After how long a test that hangs is given up, in virtual time: at once where nothing else can happen.
const HANGS: Duration = Duration::from_secs(3_600);

/// What is used again for the next execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    Runtime,
    Nothing,
}

/// Joins the users of a fresh system.
///
/// The order is always the same: a seed decides nothing but whose call is cut off.
pub(crate) struct Joining {
    keep: Keep,
    shapes: Vec<Shape>,
}

impl Joining {
    pub(crate) fn new(keep: Keep) -> Self {
        Self {
            keep,
            shapes: repertoire(),
        }
    }
}

impl Driver for Joining {
    fn unfit(&self, shape: usize) -> Option<&'static str> {
        let needs_threads = self.shapes[shape].needs.threads;
        needs_threads.then_some("it has one thread, and there is no await between")
    }

    fn execute(&mut self, shape: usize, seed: u64, until: Until) -> Tally {
        let shape = self.shapes[shape];
        let kept = (self.keep == Keep::Runtime).then(runtime);
        until.execute(Instant::now(), |number| {
            let oracle = Oracle::default();
            let test = join_users(&shape, &oracle, Canceller::new(seed, number));
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

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("the machine has room for a runtime")
}

async fn join_users(shape: &Shape, oracle: &Oracle, canceller: Canceller) {
    let system = (shape.build)();
    let drops = shape.depth.drops;
    let scripts = (0..shape.users).map(|index| user(&system, oracle, index));
    // A test that hangs is over, and has shown nothing.
    if drops == 0 {
        drop(timeout(HANGS, join_all(scripts)).await);
        return;
    }
    let (scripts, handles): (Vec<_>, Vec<_>) = scripts.map(abortable).unzip();
    let all = join(join_all(scripts), cancel(&handles, drops, canceller));
    drop(timeout(HANGS, all).await);
}

async fn cancel(handles: &[AbortHandle], drops: u32, mut canceller: Canceller) {
    for _ in 0..drops {
        for _ in 0..canceller.turns() {
            yield_now().await;
        }
        handles[canceller.victim(handles.len())].abort();
    }
}
