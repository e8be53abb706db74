use std::sync::Arc;

use crate::interleave::{DropCalls, RuntimeTopology, Shape, Shard};
use crate::report::Phase;
use crate::search::explorer::{Explorer, Stop};
use crate::search::target::Target;

/// The sweep over dropped calls: each user is dropped after each of its polls, and the others go on to the end. Where an execution may have
/// two drops, pairs follow.
///
/// A fault at one await of a dozen is found in as many executions of it as there are awaits, in real time as well, where nothing is enumerated.
#[derive(Debug)]
pub(super) struct DroppedCalls {
    /// Whose calls are dropped in each execution, and after how many polls.
    places: Vec<Vec<(usize, u32)>>,
    /// How many of them drop one call.
    single: usize,
    begun: usize,
    is_cut: bool,
    shard: Shard,
}

impl DroppedCalls {
    /// At most so many executions.
    pub(super) fn new(shape: &Shape, shard: Shard, most: u64) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let mut single = places(shape);
        let all = if shape.drops == 0 { 0 } else { single.len() };
        single.truncate(all.min(most));
        let is_cut = single.len() < all;
        let left = if shape.drops < 2 || is_cut {
            0
        } else {
            most - single.len()
        };
        let pairs = single.iter().flat_map(|&first| {
            let others = single.iter().filter(move |&&(user, _)| user != first.0);
            others.map(move |&second| vec![first, second])
        });
        let pairs: Vec<_> = pairs.take(left).collect();
        Self {
            single: single.len(),
            places: single.into_iter().map(|place| vec![place]).chain(pairs).collect(),
            begun: 0,
            is_cut,
            shard,
        }
    }

    /// How many executions it comes to.
    pub(super) fn claim(&self) -> u64 {
        self.places.len() as u64
    }

    /// How many executions it has begun.
    pub(super) fn begun(&self) -> u64 {
        self.begun as u64
    }

    /// Runs one more execution. False where there is none.
    pub(super) fn execute_next<'s>(
        &mut self,
        explorer: &mut Explorer<'s>,
        target: &Arc<dyn Target>,
        identity_seed: u64,
    ) -> Result<bool, Stop<'s>> {
        let Some(victims) = self.places.get(self.begun) else {
            return Ok(false);
        };
        self.begun += 1;
        if self.shard.has(self.begun()) {
            let spawns = explorer.baseline(target, identity_seed)?.shape.spawns;
            let topology = explorer.config().topology.unwrap_or(if spawns {
                RuntimeTopology::PerActor
            } else {
                RuntimeTopology::One
            });
            let mut strategy = DropCalls::new(victims.clone());
            explorer.execute(
                target,
                identity_seed,
                topology,
                &mut strategy,
                Phase::DroppedCalls,
            )?;
        }
        Ok(true)
    }

    /// How many executions dropped one call, where that was every call after every poll.
    pub(super) fn complete(&self) -> Option<u64> {
        let is_complete =
            !self.is_cut && self.single > 0 && self.begun >= self.single && self.shard == Shard::WHOLE;
        is_complete.then_some(self.single as u64)
    }
}

/// Every user after each of its polls but the last, with which it ends; early polls first.
fn places(shape: &Shape) -> Vec<(usize, u32)> {
    let most = shape.polls.iter().copied().max().unwrap_or_default();
    let of_poll = |polls: u32| {
        let users = shape.polls.iter().enumerate();
        let users = users.filter(move |&(_, &all)| polls < all);
        users.map(move |(user, _)| (user, polls))
    };
    (1..most).flat_map(of_poll).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sweep(polls: Vec<u32>, drops: u32, most: u64) -> DroppedCalls {
        let shape = Shape {
            drops,
            ..Shape::of(polls)
        };
        DroppedCalls::new(&shape, Shard::WHOLE, most)
    }

    #[test]
    fn each_user_is_dropped_after_each_poll_but_its_last() {
        let places = sweep(vec![3, 2], 1, 100).places;
        assert_eq!(places, [vec![(0, 1)], vec![(1, 1)], vec![(0, 2)]]);
        assert_eq!(
            sweep(vec![3, 2], 0, 100).claim(),
            0,
            "where no call may be dropped"
        );
    }

    #[test]
    fn pairs_are_of_two_users() {
        let places = sweep(vec![3, 2], 2, 100).places;
        assert_eq!(
            places[3..],
            [
                vec![(0, 1), (1, 1)],
                vec![(1, 1), (0, 1)],
                vec![(1, 1), (0, 2)],
                vec![(0, 2), (1, 1)],
            ]
        );
        assert_eq!(sweep(vec![3, 2], 2, 5).claim(), 5);
    }

    #[test]
    fn a_sweep_that_was_cut_is_not_complete() {
        let mut whole = sweep(vec![3, 2], 1, 3);
        assert_eq!(whole.complete(), None, "nothing was run");
        whole.begun = 3;
        assert_eq!(whole.complete(), Some(3));
        let mut cut = sweep(vec![3, 2], 1, 2);
        cut.begun = 2;
        assert_eq!(cut.complete(), None);
    }
}
