//! One execution of a shape after another, straight on the interleaver.

use std::ops::Range;

use protocol::{Executed, Oracle};
use ssot_harness::interleave::{
    Decision, Driver, FutureActor, Run, RuntimeTopology, Serial, Shape as Facts, Strategy,
};

use crate::cast::user;
use crate::shapes::Shape;

/// As many calls as a check would drop: one where the shape needs none.
fn drops(shape: &Shape) -> u32 {
    shape.depth.drops.max(1)
}

/// A driver for a shape.
pub(crate) fn driver(shape: &Shape) -> Driver {
    let mut driver = Driver::new();
    driver.allow_drops(drops(shape));
    driver
}

/// Learns what the users of a shape do when they are alone, as a check does before it searches.
pub(crate) fn learn(driver: &mut Driver, shape: &Shape) -> Facts {
    let mut facts = Facts {
        drops: drops(shape),
        ..Facts::default()
    };
    for alone in 0..shape.users {
        let (run, _) = play_users(driver, shape, RuntimeTopology::One, &mut Serial, alone..alone + 1);
        facts.polls.push(run.polls()[0]);
        facts.spawns |= run.most_tasks() > 0;
        let decisions = run.decisions();
        facts.timers |= decisions
            .iter()
            .any(|decision| matches!(decision, Decision::Advance { .. }));
    }
    facts
}

/// Runs all users once, in the order of a strategy that has begun.
pub(crate) fn play(
    driver: &mut Driver,
    shape: &Shape,
    topology: RuntimeTopology,
    strategy: &mut dyn Strategy,
) -> Executed {
    let (run, oracle) = play_users(driver, shape, topology, strategy, 0..shape.users);
    Executed {
        leaked: oracle.has_leaked(),
        decisions: Some(run.decisions().len() as u64),
    }
}

fn play_users(
    driver: &mut Driver,
    shape: &Shape,
    topology: RuntimeTopology,
    strategy: &mut dyn Strategy,
    users: Range<usize>,
) -> (Run, Oracle) {
    let oracle = Oracle::default();
    let build = shape.build;
    let mut session = driver.session(topology);
    let system = session.alone(async { build() }).expect("a shape can be built");
    let mut actors: Vec<_> = users
        .map(|index| FutureActor::boxed(user(&system, &oracle, index)))
        .collect();
    let run = session.run(&mut actors, strategy);
    session
        .within(|| drop(actors))
        .expect("a script may be dropped anywhere");
    session.within(|| drop(system)).expect("a shape may be dropped");
    (run, oracle)
}
