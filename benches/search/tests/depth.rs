//! How deep each shape's fault is: as deep as it says, and no deeper.

use search::play::Stand;
use search::shapes::{Depth, Shape, all};
use ssot_harness::interleave::{Enumeration, RuntimeTopology, Strategy as _};

/// More users than this have too many orders to enumerate, even without a preemption.
const MOST_USERS: usize = 5;

/// The preemptions and drops of the first schedule that leaks, of all those in one topology with at most so many.
fn first_leak(shape: Shape, topology: RuntimeTopology, preemptions: u32, drops: u32) -> Option<(u32, u32)> {
    let mut stand = Stand::new(shape);
    stand.allow_drops(drops);
    let facts = stand.facts().clone();
    let mut enumeration = Enumeration::new(u64::MAX, preemptions);
    while enumeration.begin(&facts) {
        let played = stand.play(topology, &mut enumeration);
        if played.run.divergence().is_none() && played.leaks() {
            let dropped = played.run.dropped().iter().filter(|&&dropped| dropped).count();
            return Some((played.run.preemptions(), u32::try_from(dropped).unwrap()));
        }
    }
    None
}

/// Whether a schedule of plain steps can show it: no late timer, no await budget, no threads.
fn is_in_reach(shape: &Shape) -> bool {
    let Depth {
        late_timers,
        ready_awaits,
        ..
    } = shape.depth;
    late_timers == 0 && ready_awaits == 0 && !shape.needs.threads
}

fn enumerable() -> impl Iterator<Item = Shape> {
    all().into_iter().filter(|shape| shape.users <= MOST_USERS)
}

#[test]
fn each_shape_shows_at_the_depth_it_says() {
    for shape in enumerable().filter(is_in_reach) {
        let Depth {
            preemptions, drops, ..
        } = shape.depth;
        let found = RuntimeTopology::ALL.map(|topology| first_leak(shape, topology, preemptions, drops));
        let deepest = Some((preemptions, drops));
        // Tasks of one runtime keep their order.
        let first = if shape.depth.inversions > 0 { None } else { deepest };
        assert_eq!(found[0], first, "{} on one runtime", shape.name);
        assert_eq!(found[2], deepest, "{} on one runtime a poll", shape.name);
        assert!(
            found[1].is_none() || found[1] == deepest,
            "{}: {:?}",
            shape.name,
            found[1]
        );
    }
}

#[test]
fn no_shape_shows_with_less() {
    for shape in enumerable().filter(is_in_reach) {
        let Depth {
            preemptions, drops, ..
        } = shape.depth;
        for topology in RuntimeTopology::ALL {
            if preemptions > 0 {
                let shallower = first_leak(shape, topology, preemptions - 1, drops);
                assert_eq!(shallower, None, "{} on {topology}", shape.name);
            }
            if drops > 0 {
                let shallower = first_leak(shape, topology, preemptions, drops - 1);
                assert_eq!(shallower, None, "{} on {topology}", shape.name);
            }
        }
    }
}

/// One preemption and one drop more are no way around an inversion, a late timer, a ready await or a thread.
#[test]
fn what_needs_more_than_plain_steps_does_not_show_by_them() {
    for shape in enumerable() {
        let Depth {
            preemptions,
            drops,
            inversions,
            ..
        } = shape.depth;
        if is_in_reach(&shape) && inversions == 0 {
            continue;
        }
        let topologies = if is_in_reach(&shape) {
            &RuntimeTopology::ALL[..1]
        } else {
            &RuntimeTopology::ALL[..]
        };
        for &topology in topologies {
            let found = first_leak(shape, topology, preemptions + 1, drops + 1);
            assert_eq!(found, None, "{} on {topology}", shape.name);
        }
    }
}

#[test]
fn what_a_shape_needs_is_what_its_users_do() {
    for shape in all() {
        let stand = Stand::new(shape);
        let facts = stand.facts();
        assert_eq!(facts.timers, shape.needs.timers, "{}", shape.name);
        assert_eq!(facts.spawns, shape.needs.spawns, "{}", shape.name);
    }
}

#[test]
fn names_are_told_apart() {
    let mut names: Vec<_> = all().iter().map(|shape| shape.name).collect();
    assert!(names.len() >= 25);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all().len());
}
