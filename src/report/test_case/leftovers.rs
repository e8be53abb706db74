use std::panic::Location;

use indexmap::IndexMap;

/// During which line of the body how many tasks appeared beside those of `case.spawn`.
pub(crate) type Lines = IndexMap<u32, usize>;

/// The tasks that are alive at the end of a test.
#[derive(Clone, Debug)]
pub(crate) struct Leftovers {
    pub(crate) allowed: usize,
    /// Where those of `case.spawn` were spawned.
    pub(crate) tracked: Vec<&'static Location<'static>>,
    pub(crate) others: usize,
    pub(crate) lines: Lines,
}

impl Leftovers {
    pub(crate) fn alive(&self) -> usize {
        self.tracked.len() + self.others
    }
}
