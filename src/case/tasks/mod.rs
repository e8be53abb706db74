//! The tasks and threads of a test: which are alive, and which panicked.

mod activity;
mod panics;
mod task;
mod task_list;

pub(in crate::case) use activity::Activity;
pub use task::Task;
pub(in crate::case) use task::spawn;
pub(in crate::case) use task_list::Tasks;
