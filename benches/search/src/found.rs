//! How soon the default portfolio finds each shape, and how small the shrinker makes what it found.

use ssot_harness::interleave::{Decision, Guided, Portfolio, Run, RuntimeTopology, Strategy as _, shrink};

use crate::check::check;
use crate::depth::depth;
use crate::play::Stand;
use crate::shapes::{Depth, Shape};

/// As many executions as a seed has.
pub const EXECUTIONS: u64 = 100_000;

/// As many attempts as a check lets the shrinker make.
pub const ATTEMPTS: usize = 200;

/// How late a timer may be, in milliseconds, where a check says nothing else.
pub(crate) const LATE: u16 = 10;

/// What one seed came to.
#[derive(Clone, Debug)]
pub struct Found {
    /// Executions up to the first in which a token was seen by another.
    pub executions: u64,
    /// What is left of it after shrinking; `None` where threads raced, for that cannot be shrunk.
    pub shrunk: Option<Shrunk>,
}

/// A failure made small.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// What it takes.
    pub depth: Depth,
    /// What it took before.
    pub before: Depth,
    /// How many attempts it took.
    pub attempts: usize,
    /// The schedule, as text.
    pub schedule: String,
}

/// Searches with one seed. `None` where nothing is found.
#[must_use]
pub fn find(shape: Shape, seed: u64) -> Option<Found> {
    if shape.needs.threads {
        return find_by_threads(shape, seed);
    }
    let mut stand = Stand::new(shape);
    let (run, executions) = first_leak(&mut stand, seed)?;
    let before = depth(&run);
    let topology = run.schedule(0).layout();
    let (smallest, attempts) = shrink(run, ATTEMPTS, |list| leaks_along(&mut stand, topology, list));
    let shrunk = Shrunk {
        depth: depth(&smallest),
        before,
        attempts,
        schedule: smallest.schedule(0).to_string(),
    };
    Some(Found {
        executions,
        shrunk: Some(shrunk),
    })
}

fn first_leak(stand: &mut Stand, seed: u64) -> Option<(Run, u64)> {
    let facts = stand.facts().clone();
    let mut portfolio = Portfolio::new(seed, EXECUTIONS, LATE);
    portfolio.hear_marks(stand.marks());
    while portfolio.begin(&facts) {
        let topology = portfolio.layout().unwrap_or(RuntimeTopology::One);
        let played = stand.play(topology, &mut portfolio);
        if played.leaks() {
            return Some((played.run, portfolio.execution()));
        }
    }
    None
}

fn leaks_along(stand: &mut Stand, topology: RuntimeTopology, list: &[Decision]) -> Option<Run> {
    let played = stand.play(topology, &mut Guided::new(list));
    played.leaks().then_some(played.run)
}

/// With no await between there is nothing to schedule: pairs of threads, as a check has them where it is asked to.
fn find_by_threads(shape: Shape, seed: u64) -> Option<Found> {
    let verdict = check(shape).executions(1).seed(seed).race(EXECUTIONS).check();
    let failure = verdict.err().filter(|failure| !failure.violations().is_empty())?;
    Some(Found {
        executions: failure.executions(),
        shrunk: None,
    })
}

/// Whether a strategy by itself, which mixes nothing in, can find it.
#[must_use]
pub fn needs_nothing_else(shape: &Shape) -> bool {
    let Depth {
        drops,
        late_timers,
        ready_awaits,
        ..
    } = shape.depth;
    (drops, late_timers, ready_awaits) == (0, 0, 0) && !shape.needs.threads
}
