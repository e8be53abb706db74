use std::collections::{BTreeMap, HashSet};

use super::weight::weight;
use super::{Decision, Run, Runnable};

/// How complicated an execution is: what a shrinker makes smaller, the first field first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    /// Two for each preemption and three for each dropped call, as an [`Enumeration`](super::Enumeration) goes by.
    pub weight: u32,
    /// How often somebody was preempted.
    pub preemptions: u32,
    /// Dropped calls, await budgets and late timers.
    pub extras: usize,
    /// Decisions.
    pub steps: usize,
    /// How often somebody else went on, preempting or not.
    pub switches: usize,
}

impl Cost {
    /// What an execution costs.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        let decisions = run.decisions();
        let goes: Vec<_> = decisions.iter().copied().filter_map(Runnable::of).collect();
        let drops = decisions.iter().filter(|decision| is_drop(**decision)).count();
        Self {
            weight: weight(run.preemptions(), u32::try_from(drops).unwrap_or(u32::MAX)),
            preemptions: run.preemptions(),
            extras: decisions.iter().filter(|decision| is_extra(**decision)).count(),
            steps: decisions.len(),
            switches: goes.windows(2).filter(|pair| pair[0] != pair[1]).count(),
        }
    }
}

fn is_drop(decision: Decision) -> bool {
    matches!(decision, Decision::Drop { .. })
}

/// Whether it is more than somebody going on, or the clock on time.
fn is_extra(decision: Decision) -> bool {
    decision != decision.plain() || is_drop(decision)
}

/// Makes a failing execution as simple as it can within `budget` attempts, and says how many it took.
///
/// An attempt is given a list of decisions to follow as far as it fits ([`Guided`](super::Guided)), and returns the
/// execution where it failed in the same way. The list is edited by whole blocks, the stretches in which one actor
/// goes: a block that is left out is made up for by the actor's next one, so that two become one and a preemption is
/// gone. In halves first, as in Andreas Zeller and Ralf Hildebrandt, "Simplifying and isolating failure-inducing
/// input" (IEEE TSE 2002).
pub fn shrink(failing: Run, budget: usize, attempt: impl FnMut(&[Decision]) -> Option<Run>) -> (Run, usize) {
    let mut shrinker = Shrinker {
        best: failing,
        left: budget,
        tried: HashSet::new(),
        attempt,
    };
    shrinker.tried.insert(shrinker.best.decisions().to_vec());
    loop {
        let before = Cost::of(&shrinker.best);
        shrinker.without_extras();
        shrinker.without_lateness();
        shrinker.without_blocks();
        shrinker.with_blocks_pulled();
        shrinker.with_blocks_swapped();
        shrinker.without_steps();
        if Cost::of(&shrinker.best) == before && before.weight > 0 {
            shrinker.with_blocks_moved();
        }
        if shrinker.left == 0 || Cost::of(&shrinker.best) == before {
            return (shrinker.best, budget - shrinker.left);
        }
    }
}

struct Shrinker<A> {
    best: Run,
    left: usize,
    tried: HashSet<Vec<Decision>>,
    attempt: A,
}

impl<A: FnMut(&[Decision]) -> Option<Run>> Shrinker<A> {
    /// Tries a list, and keeps it where it fails at a lower cost.
    fn accept(&mut self, list: Vec<Decision>) -> bool {
        if self.left == 0 || self.tried.contains(&list) {
            return false;
        }
        self.left -= 1;
        let run = (self.attempt)(&list);
        self.tried.insert(list);
        match run {
            Some(run) if Cost::of(&run) < Cost::of(&self.best) => {
                self.tried.insert(run.decisions().to_vec());
                self.best = run;
                true
            }
            _ => false,
        }
    }

    fn without_extras(&mut self) {
        let extras = |decisions: &[Decision]| -> Vec<usize> {
            (0..decisions.len())
                .filter(|&index| is_extra(decisions[index]))
                .collect()
        };
        let plain = |decisions: &[Decision], which: &[usize]| -> Vec<Decision> {
            let kept = decisions
                .iter()
                .enumerate()
                .filter(|(index, decision)| !(which.contains(index) && is_drop(**decision)));
            kept.map(|(index, decision)| {
                if which.contains(&index) {
                    decision.plain()
                } else {
                    *decision
                }
            })
            .collect()
        };
        let mut size = extras(self.best.decisions()).len();
        while size > 0 && self.left > 0 {
            let mut at = 0;
            while self.left > 0 {
                let decisions = self.best.decisions();
                let all = extras(decisions);
                let Some(which) = all
                    .get(at..all.len().min(at + size))
                    .filter(|which| !which.is_empty())
                else {
                    break;
                };
                let list = plain(decisions, which);
                if !self.accept(list) {
                    at += size;
                }
            }
            size /= 2;
        }
    }

    /// Leaves one step out of a stretch, or one stop at a ready await: everything after it comes a step earlier.
    fn without_steps(&mut self) {
        let mut at = 0;
        while self.left > 0 && at < self.best.decisions().len() {
            let decisions = self.best.decisions();
            let begins = at == 0 || decisions[at - 1] != decisions[at];
            let mut list = decisions.to_vec();
            list.remove(at);
            if !(begins && self.accept(list)) {
                at += 1;
            }
        }
    }

    /// One timer that is very late may do what several do that are a little late.
    fn without_lateness(&mut self) {
        let late = |decision: &Decision| match *decision {
            Decision::Advance { late } => late,
            _ => 0,
        };
        for at in 0.. {
            let decisions = self.best.decisions();
            if self.left == 0 || at >= decisions.len() {
                return;
            }
            let all = decisions.iter().map(late).fold(0, u16::saturating_add);
            if late(&decisions[at]) == 0 || late(&decisions[at]) == all {
                continue;
            }
            let mut list = decisions.to_vec();
            for decision in list.iter_mut().filter(|decision| late(decision) > 0) {
                *decision = decision.plain();
            }
            list[at] = Decision::Advance { late: all };
            self.accept(list);
        }
    }

    fn without_blocks(&mut self) {
        let mut size = Sketch::of(self.best.decisions()).blocks.len() / 2;
        while size > 0 && self.left > 0 {
            let mut at = 0;
            while self.left > 0 {
                let sketch = Sketch::of(self.best.decisions());
                if at >= sketch.blocks.len() {
                    break;
                }
                let end = sketch.blocks.len().min(at + size);
                let list = sketch.edited(|blocks| drop(blocks.drain(at..end)));
                if !self.accept(list) {
                    at += size;
                }
            }
            size /= 2;
        }
    }

    /// Lets an earlier block of the same runnable go as far as a later one, which is then empty.
    fn with_blocks_pulled(&mut self) {
        let mut at = 1;
        while self.left > 0 {
            let sketch = Sketch::of(self.best.decisions());
            if at >= sketch.blocks.len() {
                return;
            }
            let block = sketch.blocks[at];
            let earlier = sketch.blocks[..at]
                .iter()
                .rposition(|earlier| earlier.same_goes(&block));
            let pulled = earlier.is_some_and(|earlier| {
                self.accept(sketch.edited(|blocks| {
                    blocks[earlier] = block;
                    blocks.remove(at);
                }))
            });
            if !pulled {
                at += 1;
            }
        }
    }

    fn with_blocks_swapped(&mut self) {
        for at in 1.. {
            if self.left == 0 {
                return;
            }
            let sketch = Sketch::of(self.best.decisions());
            if at >= sketch.blocks.len() {
                return;
            }
            let list = sketch.edited(|blocks| blocks.swap(at - 1, at));
            self.accept(list);
        }
    }

    /// Moves one block past several others, those near by first. There are many ways, and few are simpler: only for
    /// what cannot be made simpler otherwise.
    fn with_blocks_moved(&mut self) {
        let before = Cost::of(&self.best);
        let sketch = Sketch::of(self.best.decisions());
        let count = sketch.blocks.len();
        for distance in 2..count {
            for from in 0..count - distance {
                // Each list costs as much as the schedule is long, and there are as many as there are pairs of blocks.
                if self.left == 0 {
                    return;
                }
                let to = from + distance;
                for list in [
                    sketch.edited(|blocks| blocks[from..=to].rotate_left(1)),
                    sketch.edited(|blocks| blocks[from..=to].rotate_right(1)),
                ] {
                    if self.accept(list) && Cost::of(&self.best).weight < before.weight {
                        return;
                    }
                }
            }
        }
    }
}

/// A stretch of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    /// This one goes until it has gone `until` times in all.
    Goes { runnable: Runnable, until: u32 },
    /// The clock moves, or a call is dropped.
    Other(Decision),
}

impl Block {
    fn same_goes(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Goes { runnable: a, .. }, Self::Goes { runnable: b, .. }) if a == b)
    }
}

/// A schedule in blocks.
#[derive(Debug)]
struct Sketch {
    blocks: Vec<Block>,
    /// The budget with which an actor is polled for this time, from 1.
    budgets: BTreeMap<(Runnable, u32), Decision>,
}

impl Sketch {
    fn of(decisions: &[Decision]) -> Self {
        let mut gone: BTreeMap<Runnable, u32> = BTreeMap::new();
        let mut sketch = Self {
            blocks: Vec::new(),
            budgets: BTreeMap::new(),
        };
        for &decision in decisions {
            let Some(runnable) = Runnable::of(decision) else {
                sketch.blocks.push(Block::Other(decision));
                continue;
            };
            let until = gone.entry(runnable).or_default();
            *until += 1;
            if decision != decision.plain() {
                sketch.budgets.insert((runnable, *until), decision);
            }
            let block = Block::Goes {
                runnable,
                until: *until,
            };
            match sketch.blocks.last_mut() {
                Some(last) if last.same_goes(&block) => *last = block,
                _ => sketch.blocks.push(block),
            }
        }
        sketch
    }

    /// The decisions after an edit of the blocks.
    fn edited(&self, edit: impl FnOnce(&mut Vec<Block>)) -> Vec<Decision> {
        let mut blocks = self.blocks.clone();
        edit(&mut blocks);
        let mut gone: BTreeMap<Runnable, u32> = BTreeMap::new();
        let mut decisions = Vec::new();
        for block in blocks {
            match block {
                Block::Other(decision) => decisions.push(decision),
                Block::Goes { runnable, until } => {
                    let gone = gone.entry(runnable).or_default();
                    while *gone < until {
                        *gone += 1;
                        let budgeted = self.budgets.get(&(runnable, *gone));
                        decisions.push(budgeted.copied().unwrap_or_else(|| runnable.decision()));
                    }
                }
            }
        }
        decisions
    }
}
