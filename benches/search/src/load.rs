//! Systems that only grow: users who yield, and tasks that they spawn; on the driver alone and through a whole check.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use ssot_harness::interleave::{Driver, Ending, FutureActor, RuntimeTopology, Serial, Shape, Strategy};
use ssot_harness::prelude::*;
use tokio::task::yield_now;

use crate::heap;

/// More decisions than any of these takes.
const STEPS: usize = 1_000_000;

/// A machine that is busy is no reason to search less.
const LONG: Duration = Duration::from_secs(600);

/// How much there is to interleave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Who goes side by side.
    pub users: usize,
    /// How often each yields.
    pub awaits: usize,
    /// How many tasks they spawn at their beginning, all together, each of which yields once; they are awaited at the
    /// end.
    pub tasks: usize,
}

/// Executions, and what they took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// How many.
    pub executions: u64,
    /// How many decisions they took together; through a check, how many polls.
    pub decisions: u64,
    /// How long they took.
    pub time: Duration,
    /// What they allocated, where that was counted.
    pub bytes: u64,
}

impl Load {
    async fn user(self, user: usize, saw: impl Fn(usize), tally: Option<Arc<Tally>>) {
        let share = self.tasks / self.users + usize::from(user < self.tasks % self.users);
        let tasks: Vec<_> = (0..share)
            .map(|_| tokio::spawn(counted(yield_now(), tally.clone())))
            .collect();
        for step in 0..self.awaits {
            saw(step);
            yield_now().await;
        }
        for task in tasks {
            task.await.expect("a task that yields comes to its end");
        }
    }

    /// What a strategy may know of it: what each user does when it is alone.
    #[must_use]
    pub fn shape(self) -> Shape {
        let mut driver = Driver::new();
        driver.limit_steps(STEPS);
        let polls = (0..self.users).map(|user| {
            let mut session = driver.session(RuntimeTopology::One);
            let mut actors = [FutureActor::new(self.user(user, |_| (), None))];
            session.run(&mut actors, &mut Serial).polls()[0]
        });
        Shape {
            spawns: self.tasks > 0,
            drops: 1,
            ..Shape::of(polls.collect())
        }
    }
}

/// A load on a driver of its own.
#[derive(Debug)]
pub struct Bare<S> {
    load: Load,
    driver: Driver,
    shape: Shape,
    strategy: S,
    topology: RuntimeTopology,
}

impl<S: Strategy> Bare<S> {
    /// With this strategy, in the topology that it wants, else in this one.
    pub fn new(load: Load, strategy: S, topology: RuntimeTopology) -> Self {
        let mut driver = Driver::new();
        driver.limit_steps(STEPS).allow_drops(1);
        Self {
            load,
            driver,
            shape: load.shape(),
            strategy,
            topology,
        }
    }

    /// Runs the next execution and says how many decisions it took.
    ///
    /// # Panics
    ///
    /// Where it does not come to its end.
    pub fn execute(&mut self) -> u64 {
        let load = self.load;
        assert!(
            self.strategy.begin(&self.shape),
            "a strategy that draws has always another one"
        );
        let mut session = self
            .driver
            .session(self.strategy.layout().unwrap_or(self.topology));
        let mut actors: Vec<_> = (0..load.users)
            .map(|user| FutureActor::new(load.user(user, |_| (), None)))
            .collect();
        let run = session.run(&mut actors, &mut self.strategy);
        assert_eq!(*run.ending(), Ending::Done, "nothing of a load waits for long");
        session
            .within(|| drop(actors))
            .expect("a load may be dropped anywhere");
        run.decisions().len() as u64
    }
}

/// What a check did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The solo runs of its users.
    pub alone: Spent,
    /// What came after them.
    pub in_company: Spent,
}

/// A load through a whole check of so many executions, in which every user sees something at every await and its own
/// secret at the end.
///
/// # Panics
///
/// Where the check does not pass.
#[must_use]
pub fn check(load: Load, executions: u64) -> Checked {
    let tally: Arc<Tally> = Arc::default();
    let build = Arc::clone(&tally);
    let verdict = isolation(async move || System::new(&build))
        .users(load.users, async move |user: &User, system: &System| {
            system.admit();
            let saw = |step: usize| user.saw(Surface::Event, &step);
            let script = load.user(user.index(), saw, Some(Arc::clone(&system.tally)));
            counted(script, Some(Arc::clone(&system.tally))).await;
            user.saw(Surface::Reply, &user.secret("token"));
            Ok(())
        })
        .identities([IdentityMode::Colliding])
        .executions(executions)
        .within(LONG)
        .steps(STEPS)
        .without_regressions()
        .check();
    let end = tally.now();
    if let Err(failure) = verdict {
        panic!("nothing of a load is shared: {failure:?}");
    }
    let came = "users come alone, then together";
    let first = tally.first.get().expect(came);
    let shared = tally.first_shared.get().expect(came);
    Checked {
        alone: shared.since(first),
        in_company: end.since(shared),
    }
}

/// What a check has done. One thread at a time writes.
#[derive(Debug, Default)]
struct Tally {
    built: AtomicU64,
    polls: AtomicU64,
    /// When the first system was built, and when the first that had several users.
    first: OnceLock<Moment>,
    first_shared: OnceLock<Moment>,
}

/// How far a check had come.
#[derive(Clone, Copy, Debug)]
struct Moment {
    at: Instant,
    built: u64,
    polls: u64,
    bytes: u64,
}

impl Tally {
    fn now(&self) -> Moment {
        Moment {
            at: Instant::now(),
            built: self.built.load(Ordering::Relaxed),
            polls: self.polls.load(Ordering::Relaxed),
            bytes: heap::allocated(),
        }
    }
}

impl Moment {
    fn since(&self, earlier: &Self) -> Spent {
        Spent {
            executions: self.built - earlier.built,
            decisions: self.polls - earlier.polls,
            time: self.at - earlier.at,
            bytes: self.bytes - earlier.bytes,
        }
    }
}

/// A system that knows when it was built, and whether its user is alone.
#[derive(Debug)]
struct System {
    tally: Arc<Tally>,
    begun: Moment,
    users: AtomicUsize,
}

impl System {
    fn new(tally: &Arc<Tally>) -> Self {
        let begun = tally.now();
        tally.first.get_or_init(|| begun);
        tally.built.fetch_add(1, Ordering::Relaxed);
        Self {
            tally: Arc::clone(tally),
            begun,
            users: AtomicUsize::new(0),
        }
    }

    fn admit(&self) {
        if self.users.fetch_add(1, Ordering::Relaxed) == 1 {
            self.tally.first_shared.get_or_init(|| self.begun);
        }
    }
}

/// Counts the polls of a future, where there is somebody to count.
async fn counted<F: Future>(future: F, tally: Option<Arc<Tally>>) -> F::Output {
    let Some(tally) = tally else {
        return future.await;
    };
    let mut future = pin!(future);
    poll_fn(|cx| {
        // A load and a store, not a locked addition, which costs more than the poll.
        tally
            .polls
            .store(tally.polls.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        future.as_mut().poll(cx)
    })
    .await
}
