use std::sync::Arc;
use std::time::Duration;

use super::{Decision, Divergence, Run, Runnable, RuntimeTopology, View};

/// How long, in real time, one who has to be woken from outside is waited for where a list of decisions that was edited names it: it may
/// never be woken.
pub(super) const SHORT_WAIT: Duration = Duration::from_millis(20);

/// The same where the schedule is one that was run, so that it should fit.
pub(super) const LONG_WAIT: Duration = Duration::from_secs(1);

/// What a strategy may know of the executions to come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// How often each actor is polled when it is alone, as far as that is known; its length is the number of actors.
    pub polls: Vec<u32>,
    /// Whether the system spawns tasks.
    pub spawns: bool,
    /// Whether the system waits for timers.
    pub timers: bool,
    /// How many drops of a call an execution may have.
    pub drops: u32,
}

impl Shape {
    /// A shape of actors that are each polled this often.
    #[must_use]
    pub fn of(polls: Vec<u32>) -> Self {
        Self {
            polls,
            ..Self::default()
        }
    }

    /// How many decisions an execution takes, about.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.polls
            .iter()
            .map(|&polls| polls as usize)
            .sum::<usize>()
            .max(1)
    }
}

/// In which of its polls each actor showed something.
pub type Marks = Arc<[Vec<u32>]>;

/// Makes the decisions of executions, one after another.
pub trait Strategy {
    /// What it is called in a report.
    fn name(&self) -> String;

    /// The name of the strategy whose decisions it takes, where it mixes something into those of another: what a report counts
    /// executions by.
    fn base_name(&self) -> String {
        self.name()
    }

    /// Hears in which polls, counted from 0, each actor showed something when it was alone, in order. What is heard holds for the
    /// executions that begin after it.
    fn hear_marks(&mut self, _marks: &Marks) {}

    /// Prepares for the next execution. False where there is none left to run.
    fn begin(&mut self, shape: &Shape) -> bool;

    /// Decides what happens next, among the runnables of the view; where there is none, only the clock can move,
    /// and the answer is [`Decision::Advance`].
    ///
    /// It may be asked twice for one step: a runtime turns out to have no task only when it is tried, and is then no
    /// longer among the runnables.
    ///
    /// # Errors
    ///
    /// Where a schedule that is to be followed does not fit.
    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence>;

    /// The decision at this step, counted from 0, where a schedule lays it down, so that nothing else may come in its place.
    fn scripted(&self, _step: usize) -> Option<Decision> {
        None
    }

    /// Who should run at this step, counted from 0, if that one can: it is waited for where something outside may wake it.
    fn awaited(&self, _step: usize) -> Option<Runnable> {
        None
    }

    /// How long, in real time, it has one waited for whom something outside may wake, where it follows a list of decisions as far as that
    /// fits.
    fn patience(&self) -> Option<Duration> {
        None
    }

    /// Passes over the next of a list that it follows, where that cannot be done. True where it has: then whoever comes after that is waited
    /// for before it decides. It is asked where something outside may wake those who wait.
    fn passes_over(&mut self, _view: &View<'_>) -> bool {
        false
    }

    /// Whether it may decide that the clock passes runnables, as a fair schedule does.
    fn may_pass(&self) -> bool {
        false
    }

    /// Hears how the execution went.
    fn end(&mut self, _run: &Run) {}

    /// The topology it wants for the next execution; `None` leaves it to the caller.
    fn layout(&self) -> Option<RuntimeTopology> {
        None
    }
}
