//! Executions of one load for a while, by the driver alone or in whole checks.

use std::time::{Duration, Instant};

use ssot_harness::interleave::Strategy;

use crate::heap::{self, Heap};
use crate::load::{Bare, Load, Spent, check};

/// How many executions a shard has at least, and how many have their allocations counted: enough that every strategy of
/// a portfolio is among them as often as it ought to be.
const FEWEST: u64 = 64;

/// Runs executions of one load, one way.
pub(crate) trait Runner {
    /// For about this long.
    fn run_for(&mut self, shard: Duration) -> Spent;

    /// Some, whose allocations are counted.
    fn counted(&mut self) -> (Spent, Heap);
}

impl<S: Strategy> Runner for Bare<S> {
    fn run_for(&mut self, shard: Duration) -> Spent {
        // The first of a shard finds in the caches what another left there. A look at the clock costs as much as a
        // decision or two.
        let between = 1 + 1_000 / self.execute().max(1);
        let mut spent = Spent::default();
        let begun = Instant::now();
        loop {
            for _ in 0..between {
                spent.decisions += self.execute();
            }
            spent.executions += between;
            spent.time = begun.elapsed();
            if spent.time >= shard && spent.executions >= FEWEST {
                return spent;
            }
        }
    }

    fn counted(&mut self) -> (Spent, Heap) {
        let mut spent = Spent::default();
        let mut heap = Heap::default();
        for _ in 0..FEWEST {
            let (decisions, of_one) = heap::measure(|| self.execute());
            spent.executions += 1;
            spent.decisions += decisions;
            spent.bytes += of_one.allocated;
            heap.peak = heap.peak.max(of_one.peak);
        }
        (spent, heap)
    }
}

/// Whole checks of a load.
pub(crate) struct Checks {
    load: Load,
    /// How many executions one has, as far as it is known what one takes.
    pace: Option<Spent>,
}

impl Checks {
    pub(crate) fn new(load: Load) -> Self {
        Self { load, pace: None }
    }
}

impl Runner for Checks {
    fn run_for(&mut self, shard: Duration) -> Spent {
        let pace = self
            .pace
            .get_or_insert_with(|| check(self.load, FEWEST).in_company);
        let each = pace.time / u32::try_from(pace.executions).unwrap_or(u32::MAX);
        let executions = shard.as_nanos() / each.as_nanos().max(1);
        let executions = u64::try_from(executions).unwrap_or(u64::MAX).max(FEWEST);
        let spent = check(self.load, executions).in_company;
        self.pace = Some(spent);
        spent
    }

    fn counted(&mut self) -> (Spent, Heap) {
        heap::measure(|| check(self.load, FEWEST).in_company)
    }
}

/// The solo runs of checks of a load.
pub(crate) struct SoloRuns(Load);

impl SoloRuns {
    pub(crate) fn new(load: Load) -> Self {
        Self(load)
    }
}

impl Runner for SoloRuns {
    fn run_for(&mut self, shard: Duration) -> Spent {
        let mut spent = Spent::default();
        loop {
            let alone = check(self.0, 1).alone;
            spent.executions += alone.executions;
            spent.decisions += alone.decisions;
            spent.time += alone.time;
            if spent.time >= shard {
                return spent;
            }
        }
    }

    fn counted(&mut self) -> (Spent, Heap) {
        heap::measure(|| check(self.0, 1).alone)
    }
}
