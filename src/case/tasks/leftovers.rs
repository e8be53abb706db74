use std::panic::Location;

use indexmap::IndexMap;

/// During which line of the body how many tasks appeared beside those of `case.spawn`.
pub(super) type Lines = IndexMap<u32, usize>;

/// The tasks that are alive at the end of a test.
#[derive(Clone, Debug)]
pub(in crate::case) struct Leftovers {
    pub(in crate::case) allowed: usize,
    /// Where those of `case.spawn` were spawned.
    pub(in crate::case) tracked: Vec<&'static Location<'static>>,
    pub(in crate::case) others: usize,
    pub(in crate::case) lines: Lines,
}

impl Leftovers {
    pub(in crate::case) fn alive(&self) -> usize {
        self.tracked.len() + self.others
    }
}
