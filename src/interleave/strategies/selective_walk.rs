use std::sync::Arc;

use super::selected_polls::SelectedPolls;
use crate::interleave::runnables::{is_set, nth_bit};
use crate::interleave::strategy::Marks;
use crate::interleave::{Decision, Divergence, Runnable, Shape, Strategy, View};
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
    marks: Marks,
    polls: SelectedPolls,
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
            polls: SelectedPolls::default(),
            wants_runtime: false,
            runtime: None,
            of_runtime: 0,
            intended: None,
        }
    }

    /// Now and then, the tasks of one runtime too: of the first one, among those that have some, that is met.
    fn select_runtime(&mut self, view: &View<'_>) {
        let runtimes = &view.runnables.runtimes;
        if self.wants_runtime && !runtimes.is_empty() {
            self.wants_runtime = false;
            self.runtime = Some(runtimes[self.rng.below(runtimes.len())]);
            self.of_runtime = self.polls.longest();
        }
    }

    /// Whether what a runnable does next is selected.
    fn is_selected(&self, runnable: Runnable) -> bool {
        match runnable {
            Runnable::Actor(actor) => is_set(&self.polls.next, actor),
            Runnable::Runtime(runtime) => self.runtime == Some(runtime),
        }
    }

    /// Draws who takes the next selected step: each as likely as it has such steps left.
    fn intend(&mut self, view: &View<'_>) -> Option<Runnable> {
        let runtime = self
            .runtime
            .map(Runnable::Runtime)
            .filter(|&runtime| view.contains(runtime));
        let of_actors = self.polls.all_left();
        let of_runtime = runtime.map_or(0, |_| self.of_runtime.max(1) as usize);
        if of_actors + of_runtime == 0 {
            return None;
        }
        let at = self.rng.below(of_actors + of_runtime);
        if at < of_actors {
            Some(Runnable::Actor(self.polls.whose(at)))
        } else {
            runtime
        }
    }

    /// Whether the intended one still has a selected step to come.
    fn is_pending(&self, view: &View<'_>) -> bool {
        match self.intended {
            Some(Runnable::Actor(actor)) => self.polls.left(actor) > 0,
            Some(runtime @ Runnable::Runtime(_)) => view.contains(runtime),
            None => false,
        }
    }

    /// The actors who may go: whose next poll is not selected, or who is to take it.
    fn actors<'v>(&'v self, view: &'v View<'_>) -> impl Iterator<Item = u64> + 'v {
        let intended = match self.intended {
            Some(Runnable::Actor(actor)) => Some(actor),
            _ => None,
        };
        view.runnables
            .actors
            .iter()
            .enumerate()
            .map(move |(number, word)| {
                let selected = self.polls.next.get(number).copied().unwrap_or_default();
                let intended = intended.filter(|actor| actor / 64 == number);
                word & (!selected | intended.map_or(0, |actor| 1 << (actor % 64)))
            })
    }

    /// The runtimes who may.
    fn runtimes<'v>(&'v self, view: &'v View<'_>) -> impl Iterator<Item = Runnable> + 'v {
        let all = view.runnables.runtimes.iter().copied().map(Runnable::Runtime);
        all.filter(|&runtime| self.intended == Some(runtime) || !self.is_selected(runtime))
    }

    /// Draws one of those who may go. `None` where there is nobody.
    fn draw(&mut self, view: &View<'_>) -> Option<Runnable> {
        let actors = self.actors(view).map(|word| word.count_ones() as usize).sum();
        let count = actors + self.runtimes(view).count();
        if count == 0 {
            return None;
        }
        let mut at = self.rng.below(count);
        if at >= actors {
            return self.runtimes(view).nth(at - actors);
        }
        for (number, word) in self.actors(view).enumerate() {
            let ones = word.count_ones() as usize;
            if at < ones {
                return Some(Runnable::Actor(number * 64 + nth_bit(word, at)));
            }
            at -= ones;
        }
        unreachable!("the draw is below the number of actors")
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
        self.intended = None;
        self.polls.draw(shape, &self.marks, &mut self.rng);
        self.runtime = None;
        self.wants_runtime = shape.spawns && self.rng.one_in(4);
        true
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        self.polls.look(view);
        // The clock weighs as much as those for whom it would move.
        if view.clock() && self.rng.one_in(view.count() + 1) {
            return Ok(Decision::Advance { late: 0 });
        }
        self.select_runtime(view);
        if !self.is_pending(view) {
            self.intended = self.intend(view);
        }
        let chosen = self.draw(view).unwrap_or_else(|| {
            // Who should go waits for one of the others.
            self.intended = None;
            view.nth(self.rng.below(view.count()))
        });
        if self.is_selected(chosen) {
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
            self.0.polls.select(self.1);
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
            let (first, end) = walk.polls.selected[0];
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
