use std::collections::{BTreeMap, VecDeque};

use super::serial::go_on;
use crate::interleave::weight::weight;
use crate::interleave::{
    Certificate, Decision, Divergence, Level, Run, Runnable, Shape, Shard, Strategy, View,
};

/// A schedule as the steps at which it departs from going on without a preemption.
#[derive(Clone, Debug, Default)]
struct Deviations(Box<[(u32, Decision)]>);

impl Deviations {
    fn and(&self, step: u32, decision: Decision) -> Self {
        Self(self.0.iter().copied().chain([(step, decision)]).collect())
    }
}

/// What a level of the enumeration costs: the order in which levels are run, then its preemptions and drops.
type Rank = (u32, u32, u32);

fn rank(preemptions: u32, drops: u32) -> Rank {
    (weight(preemptions, drops), preemptions, drops)
}

#[derive(Debug, Default)]
struct Waiting {
    queue: VecDeque<Deviations>,
    run: u64,
    /// Some of this level were not even noted down, for they could not be run within the budget.
    cut: bool,
}

/// Every schedule, those with fewer preemptions and drops first, each just once.
///
/// A schedule is run by replaying the steps at which it deviates; the points where somebody else could have gone
/// after the last of them are the schedules to come. Madanlal Musuvathi and Shaz Qadeer, "Iterative context bounding
/// for systematic testing of multithreaded programs" (PLDI 2007).
#[derive(Debug)]
pub struct Enumeration {
    shard: Shard,
    levels: BTreeMap<Rank, Waiting>,
    most_preemptions: u32,
    budget: u64,
    begun: u64,
    at: Rank,
    current: Deviations,
    next: usize,
    /// What else could have been decided at the step that was asked last.
    others: Vec<(Rank, Decision)>,
    asked: usize,
    /// Whether peers outside of the process are waited for where a schedule departs from going on.
    waits: bool,
}

impl Enumeration {
    /// At most `budget` executions, of schedules with at most `preemptions`.
    #[must_use]
    pub fn new(budget: u64, preemptions: u32) -> Self {
        let mut levels = BTreeMap::new();
        levels.insert(
            rank(0, 0),
            Waiting {
                queue: [Deviations::default()].into(),
                ..Waiting::default()
            },
        );
        Self {
            shard: Shard::WHOLE,
            levels,
            most_preemptions: preemptions,
            budget,
            begun: 0,
            at: rank(0, 0),
            current: Deviations::default(),
            next: 0,
            others: Vec::new(),
            asked: 0,
            waits: false,
        }
    }

    /// Waits for the runnables that its schedules name where peers outside of the process may have to wake them.
    pub(crate) fn waiting_for_peers(mut self, waits: bool) -> Self {
        self.waits = waits;
        self
    }

    /// Keeps to one shard of the executions: the others are still run where what comes after them cannot be known otherwise,
    /// and [`is_in_shard`](Self::is_in_shard) tells which is which.
    #[must_use]
    pub fn in_shard(mut self, shard: Shard) -> Self {
        self.shard = shard;
        self
    }

    /// Whether the execution at hand is one of the shard.
    #[must_use]
    pub fn is_in_shard(&self) -> bool {
        self.shard.has(self.begun)
    }

    /// How many executions have begun, those of other shards among them.
    #[must_use]
    pub fn begun(&self) -> u64 {
        self.begun
    }

    /// What can be stated now. `None` where not even the schedules without a preemption are all run, and for a shard.
    #[must_use]
    pub fn certificate(&self) -> Option<Certificate> {
        let mut complete = true;
        let mut exhaustive = true;
        let mut levels = Vec::new();
        for (&(_, preemptions, drops), waiting) in &self.levels {
            let all = waiting.queue.is_empty() && !waiting.cut;
            exhaustive &= all;
            // A level feeds only itself and those that cost more: one past the bound takes nothing from the others.
            if preemptions <= self.most_preemptions {
                complete &= all;
            }
            if waiting.run > 0 {
                levels.push(Level {
                    preemptions,
                    drops,
                    schedules: waiting.run,
                    complete,
                });
            }
        }
        let whole = self.shard == Shard::WHOLE;
        levels
            .first()
            .is_some_and(|level| level.complete && whole)
            .then_some(Certificate {
                levels,
                exhaustive,
                dropped: None,
            })
    }

    /// Whether every schedule without a preemption or a drop has begun.
    pub(crate) fn has_every_order(&self) -> bool {
        let first = self.levels.get(&rank(0, 0));
        self.begun > 0 && first.is_some_and(|level| level.queue.is_empty() && !level.cut)
    }

    /// How many schedules of a level are still to be told of: one more than can be run. `None` where it is known that
    /// there are more.
    fn room(&self, rank: Rank) -> Option<usize> {
        let left = self.budget.saturating_sub(self.begun);
        let waiting = match self.levels.get(&rank) {
            Some(level) if level.cut => return None,
            Some(level) => level.queue.len() as u64,
            None => 0,
        };
        Some(
            usize::try_from(left.saturating_sub(waiting))
                .unwrap_or(usize::MAX)
                .saturating_add(1),
        )
    }

    /// Notes down the schedules that differ from this one at the step that was asked last.
    fn note(&mut self) {
        let step = u32::try_from(self.asked).unwrap_or(u32::MAX);
        let room = self.budget.saturating_sub(self.begun);
        for (rank, decision) in self.others.drain(..) {
            let level = self.levels.entry(rank).or_default();
            // More than can still be run, or is ever to be, need not be remembered.
            let (_, preemptions, _) = rank;
            if preemptions > self.most_preemptions || level.queue.len() as u64 >= room {
                level.cut = true;
            } else {
                level.queue.push_back(self.current.and(step, decision));
            }
        }
    }
}

impl Strategy for Enumeration {
    fn name(&self) -> String {
        "enumeration".to_owned()
    }

    fn begin(&mut self, _shape: &Shape) -> bool {
        let most = self.most_preemptions;
        let (rank, deviations) = loop {
            if self.begun >= self.budget {
                return false;
            }
            let next = self
                .levels
                .iter_mut()
                .filter(|((_, preemptions, _), _)| *preemptions <= most)
                .find_map(|(&rank, waiting)| Some((rank, waiting.queue.pop_front()?, waiting.queue.len())));
            let Some((rank, deviations, behind)) = next else {
                return false;
            };
            self.begun += 1;
            // What follows from an execution comes after those that wait beside it: where they use up the budget, it
            // need not be run to know what follows.
            let has_heirs = self.begun + (behind as u64) < self.budget;
            if self.shard.has(self.begun) || has_heirs {
                break (rank, deviations);
            }
        };
        self.at = rank;
        self.current = deviations;
        self.next = 0;
        self.others.clear();
        self.asked = 0;
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        let step = view.step();
        if step != self.asked {
            if !self.others.is_empty() {
                self.note();
            }
            self.asked = step;
        }
        // Asked again for the same step: a runtime that was tried has no task, and what was noted was too much.
        self.others.clear();
        let deviations = &self.current.0;
        while deviations
            .get(self.next)
            .is_some_and(|&(at, _)| (at as usize) < step)
        {
            self.next += 1;
        }
        if let Some(&(at, decision)) = deviations.get(self.next) {
            if at as usize > step {
                return Ok(go_on(view));
            }
            return if view.allows(decision) {
                Ok(decision)
            } else {
                Err(view.misfit(decision))
            };
        }
        let goes = go_on(view);
        let (_, preemptions, drops) = self.at;
        let switch = rank(preemptions + u32::from(view.last().is_some()), drops);
        let (_, preemptions_then, _) = switch;
        let is_past_bound = preemptions_then > self.most_preemptions;
        // That there are more than can be run is all there is to know of those.
        if let Some(room) = self.room(switch) {
            let others = view
                .iter()
                .map(|runnable| (switch, runnable.decision()))
                .filter(|&(_, other)| other != goes);
            self.others
                .extend(others.take(if is_past_bound { 1 } else { room }));
        }
        let drop = rank(preemptions, drops + 1);
        if view.drops > 0
            && let Some(room) = self.room(drop)
        {
            let drops = view.droppable().map(|actor| (drop, Decision::Drop { actor }));
            self.others.extend(drops.take(room));
        }
        Ok(goes)
    }

    fn awaited(&self, step: usize) -> Option<Runnable> {
        let mut deviations = self.current.0.iter().filter(|_| self.waits);
        let &(_, decision) = deviations.find(|&&(at, _)| at as usize == step)?;
        Runnable::of(decision)
    }

    fn end(&mut self, run: &Run) {
        // A runtime that the schedule wanted to go had no task after all: that schedule does not exist.
        if run.divergence().is_some() {
            self.others.clear();
            return;
        }
        self.note();
        if let Some(level) = self.levels.get_mut(&self.at) {
            level.run += 1;
        }
    }
}
