//! The runtimes of an execution, which are polled one at a time: their topology, clock and wake-ups, and what is outside of them.

pub(in crate::interleave) mod clock;
pub(in crate::interleave) mod local;
pub(in crate::interleave) mod outside;
mod own_tasks;
pub(in crate::interleave) mod ready_set;
pub(in crate::interleave) mod real;
pub(in crate::interleave) mod runtimes;
pub(in crate::interleave) mod stepped_runtime;
mod task_ids;
pub(in crate::interleave) mod topology;
mod unpark;
pub(crate) mod witness;

pub use topology::RuntimeTopology;
