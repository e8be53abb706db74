use super::Layout;
use super::cell::Cell;

/// Past this many runtimes in one execution, a layout of one a poll goes on with those it has.
const MOST_RUNTIMES: usize = 256;

/// The runtimes of an execution. Number 0 is the system's own.
pub(crate) struct Runtimes {
    pub(crate) layout: Layout,
    pub(crate) cells: Vec<Option<Cell>>,
    /// The runtime under which each actor is polled next; `usize::MAX` for none yet.
    of_actor: Vec<usize>,
}

impl Runtimes {
    pub(crate) fn new(layout: Layout, first: Cell) -> Self {
        Self {
            layout,
            cells: vec![Some(first)],
            of_actor: Vec::new(),
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
                let index = match () {
                    () if !used => current,
                    () if self.cells.len() < MOST_RUNTIMES => self.cells.len(),
                    () => current.min(MOST_RUNTIMES - 1),
                };
                self.make(index);
                self.of_actor[actor] = index;
                index
            }
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
