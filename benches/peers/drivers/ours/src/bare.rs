//! Executions a second by a plain random walk, with a runtime of its own for each, or one that is used again where
//! nothing is left in it.

use std::time::Instant;

use protocol::{Driver, Executed, Tally, Until};
use ssot_harness::interleave::{RandomWalk, RuntimeTopology, Strategy as _};

use crate::cast::repertoire;
use crate::play::{driver, learn, play};
use crate::shapes::Shape;

/// Whose runtime an execution has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runtime {
    Fresh,
    Reused,
}

/// Executes with a random walk.
pub(crate) struct Bare {
    runtime: Runtime,
    shapes: Vec<Shape>,
}

impl Bare {
    pub(crate) fn new(runtime: Runtime) -> Self {
        Self {
            runtime,
            shapes: repertoire(),
        }
    }
}

impl Driver for Bare {
    fn unfit(&self, shape: usize) -> Option<&'static str> {
        let races = self.shapes[shape].needs.threads;
        races.then_some("no strategy orders what has no await between")
    }

    fn execute(&mut self, shape: usize, seed: u64, until: Until) -> Tally {
        let shape = self.shapes[shape];
        let start = Instant::now();
        let mut kept = driver(&shape);
        let facts = learn(&mut kept, &shape);
        let mut walk = RandomWalk::new(seed);
        until.execute(start, |_| {
            if self.runtime == Runtime::Fresh {
                kept = driver(&shape);
            }
            if !walk.begin(&facts) {
                return Executed::default();
            }
            play(&mut kept, &shape, RuntimeTopology::One, &mut walk)
        })
    }
}
