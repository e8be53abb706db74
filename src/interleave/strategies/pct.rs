use crate::interleave::runnables::is_set;
use crate::interleave::{Decision, Divergence, Runnable, Shape, Strategy, View};
use crate::rng::Rng;

/// Priorities drawn at random, the highest goes, and at `depth − 1` random steps the one that would go falls behind
/// all others. Finds a bug of that depth among n actors and k steps with a probability of at least 1/(n·k^(depth−1)).
///
/// Sebastian Burckhardt, Pravesh Kothari, Madanlal Musuvathi and Santosh Nagarakatte, "A randomized scheduler with
/// probabilistic guarantees of finding bugs" (ASPLOS 2010).
#[derive(Clone, Debug)]
pub struct Pct {
    seed: u64,
    depth: usize,
    execution: u64,
    rng: Rng,
    actors: Vec<u64>,
    runtimes: Vec<u64>,
    /// The actors who have not ended, the highest priority last.
    order: Vec<usize>,
    /// The steps at which somebody falls behind, with the priority that it falls to; ascending.
    changes: Vec<(usize, u64)>,
    next_change: usize,
    /// Whether the clock goes before actors who have not begun.
    clock_first: bool,
}

impl Pct {
    /// Looks for bugs of this depth: the number of orderings between steps that must hold for it to show.
    #[must_use]
    pub fn new(seed: u64, depth: usize) -> Self {
        Self {
            seed,
            depth: depth.max(1),
            execution: 0,
            rng: Rng::split(seed, 0),
            actors: Vec::new(),
            runtimes: Vec::new(),
            order: Vec::new(),
            changes: Vec::new(),
            next_change: 0,
            clock_first: false,
        }
    }

    fn priority(&mut self, runnable: Runnable) -> &mut u64 {
        let (of, index) = match runnable {
            Runnable::Actor(index) => (&mut self.actors, index),
            Runnable::Runtime(index) => (&mut self.runtimes, index),
        };
        while of.len() <= index {
            of.push(self.rng.next() | 1 << 63);
        }
        &mut of[index]
    }

    fn highest(&mut self, view: &View<'_>) -> Runnable {
        self.draw(view);
        while self
            .order
            .last()
            .is_some_and(|&actor| !is_set(&view.runnables.unfinished, actor))
        {
            self.order.pop();
        }
        let first = self
            .order
            .iter()
            .rev()
            .find(|&&actor| is_set(&view.runnables.actors, actor));
        let actor = first.map(|&actor| (self.actors[actor], Runnable::Actor(actor)));
        let runtimes = view.runnables.runtimes.iter();
        let runtime = runtimes
            .map(|&runtime| (self.runtimes[runtime], Runnable::Runtime(runtime)))
            .max();
        actor
            .max(runtime)
            .map_or_else(|| view.nth(0), |(_, runnable)| runnable)
    }

    /// Draws the priorities of those who have none yet, in the order of the runnables.
    fn draw(&mut self, view: &View<'_>) {
        let known = self.actors.len();
        if let Some(last) = last_from(&view.runnables.actors, known) {
            self.priority(Runnable::Actor(last));
            self.order.extend(known..=last);
            self.order.sort_by_key(|&actor| self.actors[actor]);
        }
        if let Some(&last) = view.runnables.runtimes.last() {
            self.priority(Runnable::Runtime(last));
        }
    }

    fn fall(&mut self, falls: Runnable, priority: u64) {
        *self.priority(falls) = priority;
        if let Runnable::Actor(actor) = falls {
            self.order.retain(|&other| other != actor);
            let at = self.order.partition_point(|&other| self.actors[other] < priority);
            self.order.insert(at, actor);
        }
    }
}

impl Strategy for Pct {
    fn name(&self) -> String {
        format!("pct({})", self.depth)
    }

    fn begin(&mut self, shape: &Shape) -> bool {
        self.execution += 1;
        self.rng = Rng::split(self.seed, self.execution);
        self.actors.clear();
        self.runtimes.clear();
        self.order.clear();
        let steps = shape.steps();
        self.changes.clear();
        for priority in (1..self.depth as u64).rev() {
            self.changes.push((self.rng.below(steps), priority));
        }
        self.changes.sort_unstable();
        self.next_change = 0;
        self.clock_first = self.rng.one_in(2);
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        // The clock has a priority too: some runs let the first users finish before the others begin.
        if view.clock() && (view.count() == 0 || self.clock_first) {
            return Ok(Decision::Advance { late: 0 });
        }
        while let Some(&(step, priority)) = self.changes.get(self.next_change)
            && step <= view.step()
        {
            self.next_change += 1;
            let falls = self.highest(view);
            self.fall(falls, priority);
        }
        Ok(self.highest(view).decision())
    }
}

/// The last bit that is set, where it is not before `first`.
fn last_from(words: &[u64], first: usize) -> Option<usize> {
    let from = first / 64;
    let tail = words.get(from..)?;
    let word = tail.iter().rposition(|&word| word != 0)?;
    let bit = (from + word) * 64 + 63 - tail[word].leading_zeros() as usize;
    (bit >= first).then_some(bit)
}
