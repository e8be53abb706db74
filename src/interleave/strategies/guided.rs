use std::time::Duration;

use super::serial::go_on;
use crate::interleave::strategy::{LONG_WAIT, SHORT_WAIT};
use crate::interleave::{Decision, Divergence, Runnable, Shape, Strategy, View};

/// Follows a list of decisions as far as it fits: what cannot be done is passed over, and after the list nobody is
/// preempted any more. This is how a shrinker tries an edited schedule.
#[derive(Clone, Debug)]
pub struct Guided<'l> {
    list: &'l [Decision],
    next: usize,
    /// The step at which the next of the list was tried. A runtime that turned out to have no task has not taken it.
    tried: Option<usize>,
    passes: bool,
    tasks_first: bool,
    patience: Duration,
    /// How many tasks ran in place of the next of the list, who waits for something outside.
    before_next: u32,
}

/// How many tasks run, at the most, to wake one that waits for something outside.
const BEFORE_NEXT: u32 = 64;

impl<'l> Guided<'l> {
    /// Follows this list.
    #[must_use]
    pub fn new(list: &'l [Decision]) -> Self {
        Self {
            list,
            next: 0,
            tried: None,
            passes: false,
            tasks_first: false,
            patience: SHORT_WAIT,
            before_next: 0,
        }
    }

    /// Waits up to a second, not 20 ms, for an actor that has to be woken from outside, until one has been waited for in vain: for a list
    /// that was run before, so that all of it should fit.
    #[must_use]
    pub fn patiently(mut self) -> Self {
        self.patience = LONG_WAIT;
        self
    }

    /// Lets the clock pass runnables where the list says so.
    #[must_use]
    pub(crate) fn with_passes(mut self) -> Self {
        self.passes = true;
        self
    }

    /// Has every task go on that can before the next of the list.
    #[must_use]
    pub(crate) fn with_tasks_first(mut self) -> Self {
        self.tasks_first = true;
        self
    }
}

impl Strategy for Guided<'_> {
    fn name(&self) -> String {
        "guided".to_owned()
    }

    fn awaited(&self, step: usize) -> Option<Runnable> {
        let is_over = self.tried.is_some_and(|tried| tried < step);
        let next = self.list.get(self.next + usize::from(is_over))?;
        Runnable::of(*next)
    }

    fn patience(&self) -> Option<Duration> {
        Some(self.patience)
    }

    fn may_pass(&self) -> bool {
        self.passes
    }

    fn begin(&mut self, _shape: &Shape) -> bool {
        self.next = 0;
        self.tried = None;
        self.before_next = 0;
        true
    }

    fn passes_over(&mut self, view: &View<'_>) -> bool {
        self.catch_up(view);
        let is_over = self
            .list
            .get(self.next)
            .is_some_and(|&next| self.fit(next, view).is_none());
        if is_over {
            self.pass_over();
        }
        is_over
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        self.catch_up(view);
        while let Some(&next) = self.list.get(self.next) {
            match self.fit(next, view) {
                Some(Fit::Next) => {
                    self.tried = Some(view.step());
                    return Ok(next);
                }
                Some(Fit::Before(decision)) => return Ok(decision),
                Some(Fit::TaskFor(task)) => {
                    self.before_next += 1;
                    return Ok(task);
                }
                None => self.pass_over(),
            }
        }
        Ok(go_on(view))
    }
}

/// What comes of the next of a list here and now.
enum Fit {
    Next,
    /// Something else has to be done before it.
    Before(Decision),
    /// A task may have to run for it to be woken.
    TaskFor(Decision),
}

impl Guided<'_> {
    /// The next of the list was tried at an earlier step: it was taken.
    fn catch_up(&mut self, view: &View<'_>) {
        if self.tried.take().is_some_and(|tried| tried < view.step()) {
            self.pass_over();
        }
    }

    fn pass_over(&mut self) {
        self.next += 1;
        self.before_next = 0;
    }

    /// `None` where the next of the list cannot be done.
    fn fit(&self, next: Decision, view: &View<'_>) -> Option<Fit> {
        let task = || {
            let task = view.iter().find(|next| matches!(next, Runnable::Runtime(_)))?;
            Some(task.decision())
        };
        if self.tasks_first
            && let Some(task) = task()
        {
            return Some(Fit::Before(task));
        }
        let unknown = view
            .unknown()
            .map(|runtime| Fit::Before(Decision::Step { runtime }));
        // What is due is to fire at once, which it does where it is known that no runtime has a task.
        if matches!(next, Decision::Pass { .. }) && unknown.is_some() {
            return unknown;
        }
        if view.allows(next) {
            return Some(Fit::Next);
        }
        // The clock can move only once it is known that no runtime has a task.
        if unknown.is_some() {
            return unknown;
        }
        if view.clock()
            && !self.list[self.next..]
                .iter()
                .any(|&later| matches!(later, Decision::Advance { .. } | Decision::Pass { .. }))
        {
            return Some(Fit::Before(go_on(view)));
        }
        // What it waits for may be what a task has to take first.
        if view.waits_for_outside && self.before_next < BEFORE_NEXT {
            return task().map(Fit::TaskFor);
        }
        None
    }
}
