use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::StepNotes;
use super::taking::{Look, Taking};
use crate::interleave::Decision;
use crate::interleave::runtime::ready_set::ReadySet;
use crate::interleave::runtime::runtimes::Runtimes;
use crate::interleave::runtime::stepped_runtime::SteppedRuntime;
use crate::interleave::runtime::witness::{Witness, Witnessing};

/// The notes of one execution; another thread may read them while they are taken.
#[derive(Debug)]
pub(crate) struct Notebook {
    witness: Arc<Witness>,
    taken: Mutex<Taken>,
}

#[derive(Debug)]
struct Taken {
    notes: Taking,
    /// How many runs of actors have begun, and how many decisions of the last have been made.
    at: (usize, usize),
    /// How many tasks were spawned at a decision, at the most, by this execution and those before it.
    spawned: HashMap<(usize, usize), usize>,
}

/// The parts of an execution that show what happens in it.
pub(in crate::interleave) struct Shown<'e> {
    pub(in crate::interleave) runtimes: &'e Runtimes,
    pub(in crate::interleave) wakes: &'e ReadySet,
    /// Whether threads outside of the schedule are known to wake somebody.
    pub(in crate::interleave) has_threads: bool,
}

impl Notebook {
    /// For an execution that repeats the one of `before`, where there is one: other tests spawn tasks meanwhile, and not at the same steps again.
    pub(in crate::interleave) fn new(has_sockets: bool, before: Option<&Self>) -> Arc<Self> {
        Arc::new(Self {
            witness: Arc::default(),
            taken: Mutex::new(Taken {
                notes: Taking::new(has_sockets),
                at: (0, 0),
                spawned: before.map_or_else(HashMap::new, |before| before.taken().spawned.clone()),
            }),
        })
    }

    /// Takes down what code under test shows of itself on this thread.
    pub(in crate::interleave) fn listen(&self) -> Witnessing {
        Witnessing::begin(&self.witness)
    }

    /// So many actors begin; or one, which is `alone` and builds the system or looks at it.
    pub(in crate::interleave) fn begin(&self, actors: usize, alone: bool, shown: &Shown<'_>) {
        let mut taken = self.taken();
        taken.at = (taken.at.0 + 1, 0);
        let topology = shown.runtimes.topology;
        let look = look(shown);
        taken.notes.begin(topology, actors, alone, &look);
    }

    pub(in crate::interleave) fn before(&self, decision: Decision, shown: &Shown<'_>) {
        let mut taken = self.taken();
        self.witness.take();
        let look = look(shown);
        taken.notes.before(decision, &look);
    }

    pub(in crate::interleave) fn after(&self, decision: Decision, made: bool, shown: &Shown<'_>) {
        let mut seen = self.witness.take();
        let mut taken = self.taken();
        if made {
            seen.spawned = taken.at_most(seen.spawned);
            taken.at.1 += 1;
        }
        let look = look(shown);
        taken.notes.after(decision, made, &look, &seen);
    }

    /// What was taken down.
    pub(crate) fn notes(&self) -> StepNotes {
        self.taken().notes.notes(None)
    }

    /// What was taken down up to now, in a poll that has not returned.
    pub(crate) fn so_far(&self) -> StepNotes {
        let at_work = self.witness.so_far();
        self.taken().notes.notes(Some(&at_work))
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// How many tasks can have been spawned at this decision.
    fn at_most(&mut self, spawned: Option<usize>) -> Option<usize> {
        let Some(spawned) = spawned else {
            return self.spawned.get(&self.at).copied();
        };
        let least = self.spawned.entry(self.at).or_insert(spawned);
        *least = spawned.min(*least);
        Some(*least)
    }
}

fn look(shown: &Shown<'_>) -> Look {
    let runtimes = &shown.runtimes.slots;
    let blocks = runtimes.iter().flatten().any(SteppedRuntime::blocks);
    Look {
        runtimes: runtimes
            .iter()
            .map(|runtime| runtime.as_ref().map(SteppedRuntime::reading))
            .collect(),
        awake: shown.wakes.words(),
        has_threads: blocks || shown.has_threads,
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use rstest::rstest;

    use super::{Notebook, Shown};
    use crate::interleave::runtime::ready_set::ReadySet;
    use crate::interleave::runtime::runtimes::Runtimes;
    use crate::interleave::runtime::stepped_runtime::SteppedRuntime;
    use crate::interleave::{Decision, Place, RuntimeTopology, witness};

    /// The run of actors and the decision of it.
    type At = (usize, usize);

    /// An execution in which so many tasks may have been spawned at a decision, or it cannot be told. What it and those before it say.
    fn at_most(notebook: &Notebook, at: At, spawned: Option<usize>) -> Option<usize> {
        let mut taken = notebook.taken();
        taken.at = at;
        taken.at_most(spawned)
    }

    #[test]
    fn the_least_that_was_counted_at_a_decision_is_remembered() {
        let first = Notebook::new(false, None);
        assert_eq!(at_most(&first, (1, 0), None), None);
        assert_eq!(at_most(&first, (1, 0), Some(3)), Some(3));
        let second = Notebook::new(false, Some(&first));
        assert_eq!(at_most(&second, (1, 0), Some(5)), Some(3));
        assert_eq!(at_most(&second, (1, 0), None), Some(3));
        assert_eq!(at_most(&second, (1, 0), Some(1)), Some(1));
        for other in [(0, 0), (1, 1), (2, 0)] {
            assert_eq!(at_most(&second, other, None), None);
        }
        let third = Notebook::new(false, Some(&second));
        assert_eq!(at_most(&third, (1, 0), Some(3)), Some(1));
        assert_eq!(
            at_most(&first, (1, 0), None),
            Some(3),
            "what it was made from is as it was"
        );
    }

    /// The system is built; then a decision turns out to be none, a user spawns a task, and that task runs at the decisions 1 and 2.
    #[rstest]
    #[case::nothing_was_spawned_when_it_ran((2, 1), 0, Some(0))]
    #[case::it_may_have_spawned_another_and_ended((2, 1), 1, None)]
    #[case::an_earlier_decision((2, 0), 0, None)]
    #[case::a_later_decision((2, 2), 0, None)]
    #[case::a_decision_while_the_system_was_built((1, 1), 0, None)]
    fn what_the_execution_before_counted_is_of_the_same_decision(
        #[case] at: At,
        #[case] spawned: usize,
        #[case] task: Option<usize>,
    ) {
        let before = Notebook::new(false, None);
        at_most(&before, at, Some(spawned));
        let notebook = Notebook::new(false, Some(&before));
        let runtimes = Runtimes::new(RuntimeTopology::One, SteppedRuntime::new(false));
        let wakes = ReadySet::new(1);
        let shown = Shown {
            runtimes: &runtimes,
            wakes: &wakes,
            has_threads: false,
        };
        let decide = |decision: Decision, made: bool, carry_out: &dyn Fn(&SteppedRuntime)| {
            notebook.before(decision, &shown);
            carry_out(runtimes.first());
            notebook.after(decision, made, &shown);
        };
        let (user, step) = (Decision::Run { actor: 0 }, Decision::Step { runtime: 0 });
        notebook.begin(1, true, &shown);
        decide(user, true, &|_| {});
        notebook.begin(1, false, &shown);
        decide(step, false, &|_| {});
        decide(user, true, &|runtime| {
            drop(runtime.handle().spawn(pending::<()>()));
        });
        decide(step, true, &|runtime| runtime.turn(None));
        decide(step, true, &|runtime| runtime.turn(None));
        let steps = notebook.notes().steps;
        let told: Vec<_> = steps.iter().map(|note| note.task).collect();
        assert_eq!(told, [None, Some(0), task]);
    }

    #[test]
    fn what_is_shown_between_two_decisions_is_of_neither() {
        let notebook = Notebook::new(false, None);
        let _witnessing = notebook.listen();
        let runtimes = Runtimes::new(RuntimeTopology::One, SteppedRuntime::new(false));
        let wakes = ReadySet::new(1);
        let shown = Shown {
            runtimes: &runtimes,
            wakes: &wakes,
            has_threads: false,
        };
        let place = || notebook.so_far().steps[0].place.clone();
        notebook.begin(1, false, &shown);
        witness::logs(None);
        notebook.before(Decision::Run { actor: 0 }, &shown);
        assert_eq!(place(), None);
        witness::logs(None);
        assert_eq!(place(), Some(Place::Traced { span: None, at: None }));
    }
}
