use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::interleave::{Decision, Driver, Notebook, Run, StepNotes};

/// How often a failure is run again only to tell its tasks apart, and for how long at the most: what other tests spawn meanwhile hides
/// what its own tasks do.
const TIMES: usize = 24;
const TIME: Duration = Duration::from_millis(100);

/// What is known of the steps of a failing execution, from the executions that repeat it.
#[derive(Debug)]
pub(super) struct Noted<'r> {
    decisions: &'r [Decision],
    book: Option<Arc<Notebook>>,
    notes: Option<StepNotes>,
}

impl<'r> Noted<'r> {
    /// Nothing is known yet of the execution with these decisions.
    pub(super) fn new(decisions: &'r [Decision]) -> Self {
        Self {
            decisions,
            book: None,
            notes: None,
        }
    }

    /// Has the next execution of the driver noted, which repeats the one at hand; but not where all is known.
    pub(super) fn begin(&mut self, driver: &mut Driver) {
        if self.has_gaps() {
            self.book = Some(driver.note_steps(self.book.as_deref()));
        }
    }

    /// Takes over what was noted in an execution that has ended so.
    pub(super) fn end(&mut self, driver: &mut Driver, again: Option<&Run>) {
        if driver.notes.take().is_some() {
            // It never began.
            self.book = None;
        }
        let Some(book) = &self.book else { return };
        let notes = book.notes();
        let is_same = again.is_some_and(|again| again.decisions() == self.decisions)
            && notes.steps.len() == self.decisions.len();
        let gaps = |notes: &StepNotes| notes.gaps(self.decisions);
        if !is_same {
            self.book = None;
        } else if self
            .notes
            .as_ref()
            .is_none_or(|known| gaps(&notes) <= gaps(known))
        {
            self.notes = Some(notes);
        }
    }

    /// Calls `again`, which runs it once more, until all is known, or it is no use, or a run has told a difference, which is returned.
    pub(super) fn fill<D>(&mut self, mut again: impl FnMut(&mut Self) -> Option<D>) -> Option<D> {
        let begun = Instant::now();
        (0..TIMES).take_while(|_| begun.elapsed() <= TIME).find_map(|_| {
            (self.has_gaps() && self.book.is_some())
                .then(|| again(self))
                .flatten()
        })
    }

    fn has_gaps(&self) -> bool {
        let notes = self.notes.as_ref();
        notes.is_none_or(|notes| notes.gaps(self.decisions) > 0)
    }

    pub(super) fn into_notes(self) -> Option<StepNotes> {
        self.notes
    }
}
