//! Closing, sweeping, and limits.

mod checked_early;
mod counted_then_made;
mod idle_by_slot;
mod kept_handle;
mod limit_by_metric;
mod sweeping;

pub use checked_early::CheckedEarlyFactory;
pub use counted_then_made::CountedThenMadeFactory;
pub use idle_by_slot::OldestFirstFactory;
pub use kept_handle::KeptHandleFactory;
pub use limit_by_metric::LimitByMetricFactory;
pub use sweeping::SweepingFactory;
