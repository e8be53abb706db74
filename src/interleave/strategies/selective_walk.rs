use std::sync::Arc;

use crate::interleave::runnables::is_set;
use crate::interleave::strategy::Marks;
use crate::interleave::{Decision, Divergence, Runnable, Shape, Strategy, View};
use crate::rng::Rng;

/// Where a stretch may lie, from the first poll to the last.
const PLACES: usize = 1 << 16;

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
    marks: Marks,
    /// Of each actor, the selected polls: from the one of this number, up to and without that.
    selected: Vec<(u32, u32)>,
    /// Whether the steps of a runtime are to be selected, too.
    wants_runtime: bool,
    /// The runtime whose steps are selected.
    runtime: Option<usize>,
    /// How many steps of that runtime are expected: how many there will be cannot be known.
    of_runtime: u32,
    /// Who takes the next selected step.
    intended: Option<Runnable>,
}

impl SelectiveWalk {
    /// Walks from this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            execution: 0,
            rng: Rng::split(seed, 0),
            marks: Marks::default(),
            selected: Vec::new(),
            wants_runtime: false,
            runtime: None,
            of_runtime: 0,
            intended: None,
        }
    }

    /// Draws a stretch of the polls of each actor.
    fn select_polls(&mut self, shape: &Shape) {
        // A stretch as long as the whole, half of it, a quarter and so on.
        let longest = shape.polls.iter().copied().max().unwrap_or(1).max(1);
        let halvings = if self.rng.one_in(4) {
            0
        } else {
            self.rng.below(longest.ilog2() as usize + 1)
        };
        let place = self.rng.below(PLACES);
        let by_marks = self.rng.one_in(2);
        for (actor, &polls) in shape.polls.iter().enumerate() {
            let length = (polls >> halvings).max(2).min(polls);
            let marks = self.marks.get(actor).map_or(&[][..], Vec::as_slice);
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

    /// Now and then, the tasks of one runtime too: of the first one, among those that have some, that is met.
    fn select_runtime(&mut self, view: &View<'_>) {
        let runtimes = &view.runnables.runtimes;
        if self.wants_runtime && !runtimes.is_empty() {
            self.wants_runtime = false;
            self.runtime = Some(runtimes[self.rng.below(runtimes.len())]);
            let longest = self.selected.iter().map(|(first, end)| end - first).max();
            self.of_runtime = longest.unwrap_or(1);
        }
    }

    /// Whether what a runnable does next is selected.
    fn is_selected(&self, view: &View<'_>, runnable: Runnable) -> bool {
        match runnable {
            Runnable::Actor(actor) => {
                self.left_of(view, actor) > 0 && view.polls(actor) >= self.selected[actor].0
            }
            Runnable::Runtime(runtime) => self.runtime == Some(runtime),
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
            .map(|runtime| (Runnable::Runtime(runtime), self.of_runtime.max(1)));
        let all: Vec<_> = of_actors
            .chain(of_runtime)
            .filter(|&(_, left)| left > 0)
            .collect();
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
            Some(runtime @ Runnable::Runtime(_)) => view.contains(runtime),
            None => false,
        }
    }
}

impl Strategy for SelectiveWalk {
    fn name(&self) -> String {
        "selective walk".to_owned()
    }

    fn hear_marks(&mut self, marks: &Marks) {
        self.marks = Arc::clone(marks);
    }

    fn begin(&mut self, shape: &Shape) -> bool {
        self.execution += 1;
        self.rng = Rng::split(self.seed, self.execution);
        self.selected.clear();
        self.intended = None;
        self.select_polls(shape);
        self.runtime = None;
        self.wants_runtime = shape.spawns && self.rng.one_in(4);
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        // The clock weighs as much as those for whom it would move.
        if view.clock() && self.rng.one_in(view.count() + 1) {
            return Ok(Decision::Advance { late: 0 });
        }
        self.select_runtime(view);
        if !self.is_pending(view) {
            self.intended = self.intend(view);
        }
        let may_go =
            |walk: &Self, runnable| walk.intended == Some(runnable) || !walk.is_selected(view, runnable);
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
            if let Runnable::Runtime(_) = chosen {
                self.of_runtime = self.of_runtime.saturating_sub(1);
            }
        }
        Ok(chosen.decision())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use tokio::sync::Notify;
    use tokio::task::yield_now;

    use super::SelectiveWalk;
    use crate::interleave::{
        Decision, Divergence, Driver, Ending, FutureActor, Run, RuntimeTopology, Shape, Strategy, View,
    };

    type Call = FutureActor<dyn Future<Output = ()>>;

    /// A walk with these polls selected, whatever is drawn.
    struct Selecting<'a>(SelectiveWalk, &'a [(u32, u32)]);

    impl Strategy for Selecting<'_> {
        fn name(&self) -> String {
            self.0.name()
        }

        fn begin(&mut self, shape: &Shape) -> bool {
            self.0.begin(shape);
            self.0.selected = self.1.to_vec();
            self.0.wants_runtime = false;
            true
        }

        fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
            self.0.decide(view)
        }
    }

    fn run(driver: &mut Driver, strategy: &mut dyn Strategy, scripts: Vec<Call>) -> Run {
        let mut actors = scripts;
        let mut session = driver.session(RuntimeTopology::One);
        let run = session.run(&mut actors, strategy);
        session.within(|| drop(actors)).unwrap();
        run
    }

    fn awaits(polls: u32) -> Call {
        FutureActor::boxed(Box::pin(async move {
            for _ in 1..polls {
                yield_now().await;
            }
        }))
    }

    /// How often each order of the selected polls comes about, of users with so many.
    fn orders(polls: [u32; 2], selected: &[(u32, u32)], executions: u32) -> BTreeMap<String, u32> {
        let mut driver = Driver::new();
        let mut strategy = Selecting(SelectiveWalk::new(5), selected);
        let mut orders = BTreeMap::new();
        for _ in 0..executions {
            strategy.begin(&Shape::of(polls.to_vec()));
            let run = run(&mut driver, &mut strategy, polls.map(awaits).into());
            let mut polled = [0; 2];
            let mut order = String::new();
            for decision in run.decisions() {
                let Decision::Run { actor } = *decision else {
                    continue;
                };
                if (selected[actor].0..selected[actor].1).contains(&polled[actor]) {
                    order.push(if actor == 0 { 'a' } else { 'b' });
                }
                polled[actor] += 1;
            }
            *orders.entry(order).or_default() += 1;
        }
        orders
    }

    /// Two polls and three interleave in ten ways, and what surrounds them makes none likelier.
    #[test]
    fn every_order_of_the_selected_steps_is_about_as_likely() {
        for (polls, selected) in [([12, 8], [(9, 11), (1, 4)]), ([2, 3], [(0, 2), (0, 3)])] {
            let orders = orders(polls, &selected, 5_000);
            assert_eq!(orders.len(), 10, "{orders:?}");
            // 500 each, give or take seven standard deviations.
            assert!(
                orders.values().all(|count| (350..650).contains(count)),
                "{orders:?}"
            );
        }
    }

    /// Who should take the next selected step waits for the other's.
    #[test]
    fn nobody_waits_for_one_who_cannot_go() {
        let mut driver = Driver::new();
        for execution in 0..200 {
            let mut strategy = Selecting(SelectiveWalk::new(execution), &[(1, 2), (1, 3)]);
            strategy.begin(&Shape::of(vec![2, 3]));
            let notify = Arc::new(Notify::new());
            let waits = Arc::clone(&notify);
            let waits = FutureActor::boxed(Box::pin(async move { waits.notified().await }));
            let tells = FutureActor::boxed(Box::pin(async move {
                yield_now().await;
                yield_now().await;
                notify.notify_one();
            }));
            let run = run(&mut driver, &mut strategy, vec![waits, tells]);
            assert!(matches!(run.ending(), Ending::Done), "{:?}", run.ending());
        }
    }

    /// Stretches of every length, at every place, and around what users observed.
    #[test]
    fn what_is_selected_is_drawn_anew() {
        let mut walk = SelectiveWalk::new(3);
        let mut shape = Shape::of(vec![64, 64]);
        walk.hear_marks(&[vec![40], vec![40]].into());
        shape.spawns = true;
        let mut lengths = BTreeMap::new();
        let (mut around_mark, mut of_runtime) = (0, 0);
        for _ in 0..1_000 {
            walk.begin(&shape);
            let (first, end) = walk.selected[0];
            *lengths.entry(end - first).or_insert(0) += 1;
            around_mark += u32::from((first..=end).contains(&40));
            of_runtime += u32::from(walk.wants_runtime);
        }
        assert_eq!(lengths.keys().copied().collect::<Vec<_>>(), [2, 4, 8, 16, 32, 64]);
        assert!((300..500).contains(&lengths[&64]), "the whole: {lengths:?}");
        assert!((600..900).contains(&around_mark), "{around_mark}");
        assert!((200..300).contains(&of_runtime), "{of_runtime}");
    }
}
