//! What a test is doing, how long that may take, and how it is stopped.

mod stop;
mod watch;

pub(in crate::case) use stop::{Reason, Stop};
pub(in crate::case) use watch::{GivenUp, REPORTS_THREAD_ENDS, Watch, Watched};
