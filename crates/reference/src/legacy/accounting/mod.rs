//! Counters, permits and slots.

mod cleaned_counter;
mod counted_runs;
mod counted_sends;
mod reserved_first;
mod swallowed_close;

pub use cleaned_counter::CleanedCounterFactory;
pub use counted_runs::CountedRunsFactory;
pub use counted_sends::CountedSendsFactory;
pub use reserved_first::ReservedFirstFactory;
pub use swallowed_close::SwallowedCloseFactory;
