use std::time::Duration;

use super::RuntimeTopology;
use super::stepped_runtime::SteppedRuntime;
use super::topology::MOST_RUNTIMES;

/// The runtimes of an execution. Number 0 is the system's own.
pub(crate) struct Runtimes {
    pub(crate) topology: RuntimeTopology,
    pub(crate) slots: Vec<Option<SteppedRuntime>>,
    /// How many there were when the system was built.
    built: usize,
    /// Whether an actor was polled, or dropped, since the clocks moved last.
    has_polled: bool,
    /// The runtime under which each actor is polled next; `usize::MAX` for none yet.
    of_actor: Vec<usize>,
    /// Those that were made for a dropped call which spawned nothing, the last first to be used.
    unused: Vec<usize>,
}

impl Runtimes {
    pub(crate) fn new(topology: RuntimeTopology, first: SteppedRuntime) -> Self {
        Self {
            topology,
            slots: vec![Some(first)],
            built: 1,
            has_polled: false,
            of_actor: Vec::new(),
            unused: Vec::new(),
        }
    }

    pub(crate) fn first(&self) -> &SteppedRuntime {
        self.slots[0]
            .as_ref()
            .expect("the system's runtime is made with the session")
    }

    /// The runtime under which an actor is polled now, or dropped.
    pub(crate) fn for_actor(&mut self, actor: usize) -> usize {
        self.has_polled = true;
        self.choose(actor)
    }

    /// The system is built: the timers that it shares stand under the runtimes that there are by now.
    pub(crate) fn end_building(&mut self) {
        self.built = self.slots.len();
    }

    /// Takes down since when each runtime waits, where the clocks show `now`. A timer stands under the runtime on which it was made: an
    /// actor may have set any anew, a task those of the system's.
    pub(super) fn note_waiting(&mut self, now: Duration) {
        if std::mem::take(&mut self.has_polled) {
            self.all().for_each(|(_, runtime)| runtime.waits_since = None);
        } else if self.all().any(|(_, runtime)| runtime.waits_since.is_none()) {
            // Where there are several, the system was not built on the first.
            let first = usize::from(self.topology != RuntimeTopology::One);
            let built = self.slots.iter_mut().take(self.built).skip(first).flatten();
            built.for_each(|runtime| runtime.waits_since = None);
        }
        for (_, runtime) in self.all() {
            runtime.waits_since.get_or_insert(now);
        }
    }

    fn choose(&mut self, actor: usize) -> usize {
        match self.topology {
            RuntimeTopology::One => 0,
            RuntimeTopology::PerActor => {
                let index = actor + 1;
                self.make(index);
                index
            }
            RuntimeTopology::PerPoll => {
                if self.of_actor.len() <= actor {
                    self.of_actor.resize(actor + 1, usize::MAX);
                }
                let current = self.of_actor[actor];
                let used = self
                    .slots
                    .get(current)
                    .and_then(Option::as_ref)
                    .is_none_or(|runtime| runtime.tasks() > 0);
                let index = if !used {
                    current
                } else if let Some(unused) = self.unused.pop() {
                    unused
                } else if self.slots.len() < MOST_RUNTIMES {
                    self.slots.len()
                } else {
                    current.min(MOST_RUNTIMES - 1)
                };
                self.make(index);
                self.of_actor[actor] = index;
                index
            }
        }
    }

    /// The runtime under which an actor was polled last, in a topology of one a poll.
    pub(crate) fn current(&self, actor: usize) -> Option<usize> {
        self.of_actor.get(actor).copied()
    }

    /// Takes back the runtime under which an actor's call was dropped, where nothing was spawned there: which runtime is
    /// whose is then the same as without the drop, and a schedule can do without it. `before` is what was
    /// [`current`](Self::current) until then.
    pub(crate) fn take_back(&mut self, actor: usize, before: Option<usize>) {
        let now = self.current(actor);
        if let (Some(before), Some(now)) = (before, now)
            && now != before
            && self.slots[now]
                .as_ref()
                .is_some_and(|runtime| runtime.tasks() == 0)
        {
            self.of_actor[actor] = before;
            self.unused.push(now);
        }
    }

    fn make(&mut self, index: usize) {
        if self.slots.len() <= index {
            self.slots.resize_with(index + 1, || None);
        }
        if self.slots[index].is_none() {
            self.slots[index] = Some(SteppedRuntime::beside(self.first()));
        }
    }

    pub(crate) fn runtime(&mut self, index: usize) -> Option<&mut SteppedRuntime> {
        self.slots.get_mut(index).and_then(Option::as_mut)
    }

    pub(crate) fn all(&mut self) -> impl Iterator<Item = (usize, &mut SteppedRuntime)> {
        self.slots
            .iter_mut()
            .enumerate()
            .filter_map(|(index, runtime)| runtime.as_mut().map(|runtime| (index, runtime)))
    }

    /// Has every runtime look at its sockets.
    pub(crate) fn look_at_sockets(&mut self) {
        self.all().for_each(|(_, runtime)| runtime.look_at_sockets());
    }

    pub(crate) fn tasks(&self) -> usize {
        self.slots.iter().flatten().map(SteppedRuntime::tasks).sum()
    }
}
