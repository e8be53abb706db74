use super::Layout;
use super::cell::Cell;

/// Past this many runtimes in one execution, a layout of one a poll goes on with those it has.
pub(super) const MOST_RUNTIMES: usize = 256;

/// The runtimes of an execution. Number 0 is the system's own.
pub(crate) struct Runtimes {
    pub(crate) layout: Layout,
    pub(crate) cells: Vec<Option<Cell>>,
    /// The runtime under which each actor is polled next; `usize::MAX` for none yet.
    of_actor: Vec<usize>,
    /// Those that were made for a dropped call which spawned nothing, the last first to be used.
    unused: Vec<usize>,
}

impl Runtimes {
    pub(crate) fn new(layout: Layout, first: Cell) -> Self {
        Self {
            layout,
            cells: vec![Some(first)],
            of_actor: Vec::new(),
            unused: Vec::new(),
        }
    }

    pub(crate) fn first(&self) -> &Cell {
        self.cells[0]
            .as_ref()
            .expect("the system's runtime is made with the stage")
    }

    /// The runtime under which an actor is polled now.
    pub(crate) fn for_actor(&mut self, actor: usize) -> usize {
        match self.layout {
            Layout::One => 0,
            Layout::PerActor => {
                let index = actor + 1;
                self.make(index);
                index
            }
            Layout::PerPoll => {
                if self.of_actor.len() <= actor {
                    self.of_actor.resize(actor + 1, usize::MAX);
                }
                let current = self.of_actor[actor];
                let used = self
                    .cells
                    .get(current)
                    .and_then(Option::as_ref)
                    .is_none_or(|cell| cell.tasks() > 0);
                let index = if !used {
                    current
                } else if let Some(unused) = self.unused.pop() {
                    unused
                } else if self.cells.len() < MOST_RUNTIMES {
                    self.cells.len()
                } else {
                    current.min(MOST_RUNTIMES - 1)
                };
                self.make(index);
                self.of_actor[actor] = index;
                index
            }
        }
    }

    /// The runtime under which an actor was polled last, in a layout of one a poll.
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
            && self.cells[now].as_ref().is_some_and(|cell| cell.tasks() == 0)
        {
            self.of_actor[actor] = before;
            self.unused.push(now);
        }
    }

    fn make(&mut self, index: usize) {
        if self.cells.len() <= index {
            self.cells.resize_with(index + 1, || None);
        }
        if self.cells[index].is_none() {
            self.cells[index] = Some(Cell::beside(self.first()));
        }
    }

    pub(crate) fn cell(&mut self, index: usize) -> Option<&mut Cell> {
        self.cells.get_mut(index).and_then(Option::as_mut)
    }

    pub(crate) fn all(&mut self) -> impl Iterator<Item = (usize, &mut Cell)> {
        self.cells
            .iter_mut()
            .enumerate()
            .filter_map(|(index, cell)| cell.as_mut().map(|cell| (index, cell)))
    }

    pub(crate) fn tasks(&self) -> usize {
        self.cells.iter().flatten().map(Cell::tasks).sum()
    }
}
