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
