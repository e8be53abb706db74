//! Replays of executions of every shape, in every topology, by every strategy, each from its text.

use ssot_harness::interleave::{
    Enumeration, Pct, Perturbed, Portfolio, RandomWalk, Replay, RuntimeTopology, Schedule, SparseDeviations,
    Strategy, UniformWalk,
};

use crate::play::Stand;
use crate::shapes::all;

/// What a series of replays came to.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Executions that were run and replayed.
    pub replayed: u64,
    /// The schedules of those that did not do the same again, each with what it was a schedule of.
    pub diverged: Vec<String>,
}

/// Replays `count` executions, the same number of each shape in each topology by each strategy; fewer where a shape has fewer
/// schedules than its share.
#[must_use]
pub fn replays(count: u64) -> Tally {
    let shapes: Vec<_> = all().into_iter().filter(|shape| !shape.needs.threads).collect();
    let ways = strategies(0).len();
    let each = count.div_ceil((shapes.len() * RuntimeTopology::ALL.len() * ways) as u64);
    let mut tally = Tally::default();
    for (number, &shape) in shapes.iter().enumerate() {
        let mut stand = Stand::new(shape);
        for topology in RuntimeTopology::ALL {
            for mut strategy in strategies(number as u64) {
                for _ in 0..each {
                    replay_next(&mut stand, topology, &mut *strategy, &mut tally);
                }
            }
        }
    }
    tally
}

fn strategies(seed: u64) -> [Box<dyn Strategy>; 6] {
    [
        Box::new(Portfolio::new(seed, u64::MAX, 10)),
        Box::new(Perturbed::new(RandomWalk::new(seed), seed, 10)),
        Box::new(Perturbed::new(Pct::new(seed, 3), seed, 10)),
        Box::new(UniformWalk::new(seed)),
        Box::new(SparseDeviations::new(seed, 4)),
        Box::new(Enumeration::new(u64::MAX, u32::MAX)),
    ]
}

fn replay_next(stand: &mut Stand, topology: RuntimeTopology, strategy: &mut dyn Strategy, tally: &mut Tally) {
    let facts = stand.facts().clone();
    // Where all schedules are run there is nothing left to replay.
    while strategy.begin(&facts) {
        let first = stand.play(topology, strategy);
        // A schedule that turns out not to exist is no execution.
        if first.run.divergence().is_some() {
            continue;
        }
        let text = first.run.schedule(0).to_string();
        let schedule: Schedule = text.parse().expect("what is written can be read");
        let again = stand.play(topology, &mut Replay::new(schedule));
        tally.replayed += 1;
        let is_same = again.run.decisions() == first.run.decisions()
            && again.run.ending() == first.run.ending()
            && again.run.preemptions() == first.run.preemptions()
            && again.seen == first.seen;
        if !is_same {
            tally.diverged.push(format!("{}: {text}", stand.shape().name));
        }
        return;
    }
}
