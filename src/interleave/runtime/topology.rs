use std::fmt;

/// Past this many runtimes in one execution, a topology of one a poll goes on with those it has.
pub(in crate::interleave) const MOST_RUNTIMES: usize = 256;

/// Which runtime an actor is polled under. Tasks that are spawned on one runtime keep their order; those on two are
/// ordered by the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuntimeTopology {
    /// One for all: the cheapest, and all there is to order where nothing is spawned.
    One,
    /// One for each actor. The system is built on that of the first.
    PerActor,
    /// A new one for each poll after one that spawned.
    PerPoll,
}

impl RuntimeTopology {
    /// Every topology.
    pub const ALL: [Self; 3] = [Self::One, Self::PerActor, Self::PerPoll];

    /// The number under which the tasks of `spawn_local` stand among the runtimes, of an execution with so many actors: one that
    /// no runtime has.
    pub(crate) fn local_runtime(self, actors: usize) -> usize {
        match self {
            Self::One => 1,
            Self::PerActor => actors + 1,
            Self::PerPoll => MOST_RUNTIMES,
        }
    }

    /// The topology's name in a schedule's text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::PerActor => "each",
            Self::PerPoll => "poll",
        }
    }
}

impl fmt::Display for RuntimeTopology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
