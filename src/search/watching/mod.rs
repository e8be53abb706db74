//! The thread of a search, and the one that watches it: progress, the time that is up, a poll that does not return.

mod blocked;
mod thread_state;
mod verdict;
mod watch;

pub(crate) use watch::run;
