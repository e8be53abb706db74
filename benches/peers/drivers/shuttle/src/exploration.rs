use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use protocol::{Driver, Oracle, Tally, Until};
use shuttle::rand::{Rng as _, thread_rng};
use shuttle::{Config, FailurePersistence, Runner};
use tokio::task::{AbortHandle, JoinHandle};

use crate::cast::{repertoire, user};
use crate::rt::Awaits;
use crate::scheduler::{Kind, Progress, Watched};
use crate::shapes::Shape;

/// Explores schedules by one of shuttle's schedulers.
pub(crate) struct Exploration {
    kind: Kind,
    awaits: Awaits,
    shapes: Vec<Shape>,
}

impl Exploration {
    pub(crate) fn new(kind: Kind, awaits: Awaits) -> Self {
        Self {
            kind,
            awaits,
            shapes: repertoire(),
        }
    }
}

impl Driver for Exploration {
    fn unfit(&self, shape: usize) -> Option<&'static str> {
        let is_cut_off_asleep = self.shapes[shape].name == "given up under load";
        (is_cut_off_asleep && self.awaits == Awaits::Yield)
            .then_some("its sleep is never pending, so that no timeout ends in it")
    }

    /// A run that finds a leak just ends: a test of shuttle would end with a panic, and spend time on writing the schedule
    /// down. A run also ends, with a panic, where nobody can go on, which is no leak: another goes on with another seed.
    fn execute(&mut self, shape: usize, seed: u64, until: Until) -> Tally {
        let shape = self.shapes[shape];
        let progress = Arc::<Progress>::default();
        let start = Instant::now();
        for run in 0.. {
            let left = until.time.saturating_sub(start.elapsed());
            if left.is_zero() {
                break;
            }
            let mut config = Config::new();
            config.failure_persistence = FailurePersistence::None;
            config.silence_warnings = true;
            config.max_time = Some(left);
            let scheduler = Watched {
                scheduler: self.kind.scheduler(seed << 32 | run, shape.depth),
                progress: Arc::clone(&progress),
                until,
            };
            let runner = Runner::new(scheduler, config);
            let explored = Arc::clone(&progress);
            if catch_unwind(AssertUnwindSafe(|| {
                runner.run(move || explore(&shape, &explored))
            }))
            .is_ok()
            {
                break;
            }
        }
        Tally {
            executions: progress.executions.load(Ordering::Relaxed),
            time: start.elapsed(),
            decisions: Some(progress.decisions.load(Ordering::Relaxed)),
            leaked: progress.leaked.load(Ordering::Relaxed),
        }
    }
}

fn explore(shape: &Shape, progress: &Progress) {
    tokio::time::clear_triggers();
    let oracle = Oracle::default();
    shuttle::future::block_on(spawn_all(shape, &oracle));
    if oracle.has_leaked() {
        progress.leaked.store(true, Ordering::Relaxed);
    }
}

async fn spawn_all(shape: &Shape, oracle: &Oracle) {
    let system = (shape.build)();
    let users: Vec<JoinHandle<()>> = (0..shape.users)
        .map(|index| tokio::spawn(user(&system, oracle, index)))
        .collect();
    drop(system);
    let drops = shape.depth.drops;
    let cancels = (drops > 0).then(|| {
        let handles: Vec<_> = users.iter().map(JoinHandle::abort_handle).collect();
        tokio::spawn(async move { cancel(&handles, drops) })
    });
    for task in users.into_iter().chain(cancels) {
        // Whose call was cut off has no answer.
        drop(task.await);
    }
}

/// Whose call is cut off is drawn; when, the scheduler decides, for an abort is a scheduling point.
fn cancel(handles: &[AbortHandle], drops: u32) {
    for _ in 0..drops {
        let victim = thread_rng().gen_range(0..handles.len());
        handles[victim].abort();
    }
}
