use std::fmt;

/// The schedules with just this many preemptions and dropped calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    pub(crate) preemptions: u32,
    pub(crate) drops: u32,
    pub(crate) schedules: u64,
    pub(crate) complete: bool,
}

impl Level {
    /// How many preemptions each of these schedules has.
    #[must_use]
    pub fn preemptions(&self) -> u32 {
        self.preemptions
    }

    /// How many dropped calls each has.
    #[must_use]
    pub fn drops(&self) -> u32 {
        self.drops
    }

    /// How many were run.
    #[must_use]
    pub fn schedules(&self) -> u64 {
        self.schedules
    }

    /// Whether these are all there are.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }
}

/// The statement that every schedule up to a bound was run.
///
/// What a schedule is here: the order in which futures are polled, one poll at a time, and in which calls are
/// dropped. One poll goes from one pending await to the next: an await that is ready at once (a future that is always ready,
/// an uncontended lock, a channel with room) is no place for somebody else to run, and what goes wrong across it only is not
/// covered. Await budgets, late timers and the order of tasks within one runtime are not part of the statement either.
///
/// The idea of bounding preemptions is from Madanlal Musuvathi and Shaz Qadeer, "Iterative context bounding for
/// systematic testing of multithreaded programs" (PLDI 2007).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub(crate) levels: Vec<Level>,
    pub(crate) exhaustive: bool,
    /// How many schedules of a sweep over dropped calls were run.
    pub(crate) dropped: Option<u64>,
}

impl Certificate {
    /// Every schedule with at most this many preemptions, and no dropped call, was run.
    #[must_use]
    pub fn preemptions(&self) -> u32 {
        self.levels
            .iter()
            .filter(|level| level.drops == 0 && level.complete)
            .map(|level| level.preemptions)
            .max()
            .unwrap_or_default()
    }

    /// How many schedules those are.
    #[must_use]
    pub fn schedules(&self) -> u64 {
        self.levels
            .iter()
            .filter(|level| level.drops == 0 && level.complete)
            .map(|level| level.schedules)
            .sum()
    }

    /// Whether these are all the schedules there are, whatever the number of preemptions.
    #[must_use]
    pub fn is_exhaustive(&self) -> bool {
        self.exhaustive
    }

    /// The levels that were begun, in the order in which they were.
    #[must_use]
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// How many schedules were run to drop every call after every poll, while the others went on without a preemption; `None` where
    /// not all of them were.
    #[must_use]
    pub fn dropped_calls(&self) -> Option<u64> {
        self.dropped
    }

    /// The most preemptions with which every schedule that drops just one call was run, and how many those are.
    #[must_use]
    pub fn with_one_drop(&self) -> Option<(u32, u64)> {
        let complete = || {
            self.levels
                .iter()
                .filter(|level| level.drops == 1 && level.complete)
        };
        let preemptions = complete().map(|level| level.preemptions).max()?;
        Some((preemptions, complete().map(|level| level.schedules).sum()))
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schedules = self.schedules();
        match (self.exhaustive, self.preemptions()) {
            (true, _) => write!(f, "every order of polls was run: {schedules}")?,
            (false, 0) => write!(
                f,
                "every order of polls without a preemption was run: {schedules}"
            )?,
            (false, 1) => write!(
                f,
                "every order of polls with at most 1 preemption was run: {schedules}"
            )?,
            (false, most) => write!(
                f,
                "every order of polls with at most {most} preemptions was run: {schedules}"
            )?,
        }
        match self.with_one_drop() {
            // The levels with one drop have all of those, and more.
            None => match self.dropped {
                Some(dropped) => write!(f, "; and every call dropped after every poll: {dropped}"),
                None => Ok(()),
            },
            Some((0, drops)) => write!(f, "; and with one dropped call, without a preemption: {drops}"),
            Some((most, drops)) => {
                write!(
                    f,
                    "; and with one dropped call and at most {most} preemption(s): {drops}"
                )
            }
        }
    }
}
