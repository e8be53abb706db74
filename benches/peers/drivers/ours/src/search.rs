//! Searches on the interleaver.

use std::time::Instant;

use protocol::{Driver, Executed, Tally, Until};
use ssot_harness::interleave::RuntimeTopology;

use crate::cast::repertoire;
use crate::check;
use crate::play::{driver, learn, play};
use crate::shapes::Shape;
use crate::single::Knowledge;
use crate::strategies::Way;

/// Searches in one way.
pub(crate) struct Search {
    way: Way,
    knowledge: Knowledge,
    shapes: Vec<Shape>,
}

impl Search {
    pub(crate) fn new(way: Way, knowledge: Knowledge) -> Self {
        Self {
            way,
            knowledge,
            shapes: repertoire(),
        }
    }
}

impl Driver for Search {
    fn unfit(&self, shape: usize) -> Option<&'static str> {
        let races = self.shapes[shape].needs.threads && self.way != Way::Portfolio;
        races.then_some("no strategy orders what has no await between")
    }

    /// The users' runs alone are in the time, for a search cannot do without; they are not among the executions, for
    /// nothing can leak in them.
    fn execute(&mut self, shape: usize, seed: u64, until: Until) -> Tally {
        let shape = self.shapes[shape];
        if shape.needs.threads {
            return check::race(shape, seed, until);
        }
        let start = Instant::now();
        let mut driver = driver(&shape);
        let facts = learn(&mut driver, &shape);
        let mut strategy = self.way.strategy(self.knowledge, &shape, seed);
        until.execute(start, |_| {
            if !strategy.begin(&facts) {
                return Executed::default();
            }
            let topology = strategy.layout().unwrap_or(RuntimeTopology::One);
            play(&mut driver, &shape, topology, &mut *strategy)
        })
    }
}
