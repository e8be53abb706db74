use crate::interleave::runnables::is_set;
use crate::interleave::{Decision, Divergence, Run, Runnable, Shape, Strategy, View};
use crate::rng::Rng;

/// A walk in which the orders of some steps, drawn anew for each execution, are about equally likely, and all other steps come at random
/// among them: what happens in a short stretch of long users is not drowned by the rest.
///
/// What is selected: a stretch of every user's polls, of a random length; a stretch around a poll in which the user observed something when
/// it was alone; or the steps of one runtime's tasks.
///
/// Huan Zhao, Dylan Wolff, Umang Mathur and Abhik Roychoudhury, "Selectively uniform concurrency testing" (ASPLOS 2025), there called SURW.
#[derive(Clone, Debug)]
pub struct SelectiveWalk {
    seed: u64,
    execution: u64,
    rng: Rng,
    /// Of each actor, the selected polls: from the one of this number, up to and without that.
    selected: Vec<(u32, u32)>,
    /// The runtime whose steps are selected, and how many more of them are expected.
    runtime: Option<(usize, u32)>,
    /// Who takes the next selected step.
    intended: Option<Runnable>,
    /// How many steps each runtime took in the execution before.
    steps: Vec<u32>,
}

impl SelectiveWalk {
    /// Walks from this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            execution: 0,
            rng: Rng::split(seed, 0),
            selected: Vec::new(),
            runtime: None,
            intended: None,
            steps: Vec::new(),
        }
    }

    /// Draws a stretch of the polls of each actor.
    fn select_polls(&mut self, shape: &Shape) {
        // A stretch as long as the whole, half of it, a quarter and so on.
        let longest = shape.polls.iter().copied().max().unwrap_or(1).max(1);
        let halvings = self.rng.below(longest.ilog2() as usize + 1);
        let place = self.rng.below(PLACES);
        let by_marks = self.rng.one_in(2);
        for (actor, &polls) in shape.polls.iter().enumerate() {
            let length = (polls >> halvings).max(2).min(polls);
            let marks = shape.marks.get(actor).map_or(&[][..], Vec::as_slice);
            let first = if by_marks && !marks.is_empty() {
                // The same for users who do the same.
                let mark = marks[place * marks.len() / PLACES];
                let before = u32::try_from(self.rng.below(length as usize + 1)).unwrap_or(0);
                mark.saturating_sub(before)
            } else {
                let room = u64::from(polls - length + 1);
                u32::try_from(place as u64 * room / PLACES as u64).unwrap_or(0)
            };
            self.selected.push((first, first + length));
        }
    }

    fn select_runtime(&mut self) {
        let busy = self.steps.iter().filter(|&&steps| steps > 0).count();
        if busy == 0 || !self.rng.one_in(4) {
            return;
        }
        let chosen = self.rng.below(busy);
        let mut all = self.steps.iter().enumerate().filter(|&(_, &steps)| steps > 0);
        self.runtime = all.nth(chosen).map(|(runtime, &steps)| (runtime, steps));
    }

    /// Whether what a runnable does next is selected.
    fn is_selected(&self, view: &View<'_>, runnable: Runnable) -> bool {
        match runnable {
            Runnable::Actor(actor) => self.left_of(view, actor) > 0 && view.polls(actor) >= self.selected[actor].0,
            Runnable::Runtime(runtime) => self.runtime.is_some_and(|(selected, _)| selected == runtime),
        }
    }

    /// How many selected polls an actor still has.
    fn left_of(&self, view: &View<'_>, actor: usize) -> u32 {
        let is_unfinished = is_set(&view.runnables.unfinished, actor);
        match self.selected.get(actor) {
            Some(&(first, end)) if is_unfinished => end.saturating_sub(view.polls(actor).max(first)),
            _ => 0,
        }
    }

    /// Draws who takes the next selected step: each as likely as it has such steps left.
    fn intend(&mut self, view: &View<'_>) -> Option<Runnable> {
        let actors = 0..self.selected.len();
        let of_actors = actors.map(|actor| (Runnable::Actor(actor), self.left_of(view, actor)));
        let of_runtime = self
            .runtime
            .map(|(runtime, left)| (Runnable::Runtime(runtime), left.max(1)));
        let all: Vec<_> = of_actors.chain(of_runtime).filter(|&(_, left)| left > 0).collect();
        let total = all.iter().map(|&(_, left)| left as usize).sum();
        if total == 0 {
            return None;
        }
        let mut at = self.rng.below(total);
        all.into_iter()
            .find(|&(_, left)| match at.checked_sub(left as usize) {
                Some(rest) => {
                    at = rest;
                    false
                }
                None => true,
            })
            .map(|(runnable, _)| runnable)
    }

    /// Whether the intended one still has a selected step to come.
    fn is_pending(&self, view: &View<'_>) -> bool {
        match self.intended {
            Some(Runnable::Actor(actor)) => self.left_of(view, actor) > 0,
            Some(Runnable::Runtime(_)) => true,
            None => false,
        }
    }
}

/// Where a stretch may lie, from the first poll to the last.
const PLACES: usize = 1 << 16;

impl Strategy for SelectiveWalk {
    fn name(&self) -> String {
        "selective walk".to_owned()
    }

    fn begin(&mut self, shape: &Shape) -> bool {
        self.execution += 1;
        self.rng = Rng::split(self.seed, self.execution);
        self.selected.clear();
        self.runtime = None;
        self.intended = None;
        self.select_polls(shape);
        self.select_runtime();
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        // The clock weighs as much as those for whom it would move.
        if view.clock() && self.rng.one_in(view.count() + 1) {
            return Ok(Decision::Advance { late: 0 });
        }
        if !self.is_pending(view) {
            self.intended = self.intend(view);
        }
        let may_go = |walk: &Self, runnable| walk.intended == Some(runnable) || !walk.is_selected(view, runnable);
        let count = view.iter().filter(|&runnable| may_go(self, runnable)).count();
        let chosen = if count > 0 {
            let chosen = self.rng.below(count);
            view.iter().filter(|&runnable| may_go(self, runnable)).nth(chosen)
        } else {
            // Who should go waits for one of the others.
            self.intended = None;
            let chosen = self.rng.below(view.count());
            Some(view.nth(chosen))
        };
        let chosen = chosen.unwrap_or_else(|| view.nth(0));
        if self.is_selected(view, chosen) {
            self.intended = None;
            if let (Runnable::Runtime(_), Some((_, left))) = (chosen, &mut self.runtime) {
                *left = left.saturating_sub(1);
            }
        }
        Ok(chosen.decision())
    }

    fn end(&mut self, run: &Run) {
        self.steps.iter_mut().for_each(|steps| *steps = 0);
        for decision in run.decisions() {
            if let Decision::Step { runtime } = *decision {
                if self.steps.len() <= runtime {
                    self.steps.resize(runtime + 1, 0);
                }
                self.steps[runtime] += 1;
            }
        }
    }
}
