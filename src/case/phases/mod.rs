//! What a test is doing, how long that may take, and how it is stopped.

mod phase;
mod stop;
mod watch;

pub(in crate::case) use phase::Phase;
pub(in crate::case) use stop::{Reason, Stop};
pub(in crate::case) use watch::{GivenUp, Late, REPORTS_THREAD_ENDS, Watch, Watched};
