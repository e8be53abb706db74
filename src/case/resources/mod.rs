//! What a test is given: users, a folder, a name, a clock, configuration, counters and polling.

mod clock;
mod config;
mod eventually;
mod metrics;
mod of_test;
mod temp_folder;
mod unique_name;
mod users;

pub(in crate::case) use clock::ClockState;
pub use clock::{Clock, ClockError};
pub use config::ConfigError;
pub(in crate::case) use config::read;
pub(in crate::case) use eventually::eventually;
pub use eventually::{NeverHeld, Probe};
pub use metrics::Metrics;
pub(in crate::case) use of_test::Resources;
