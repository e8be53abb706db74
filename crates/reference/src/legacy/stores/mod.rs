//! Places in which engines and runs are kept.

mod millisecond_keys;
mod one_connection;
mod pooled_settings;
mod run_log;
mod run_table;
mod short_leases;
mod status_cache;
mod two_part_keys;
mod waiter_map;

pub use millisecond_keys::MillisecondKeysFactory;
pub use one_connection::OneConnectionFactory;
pub use pooled_settings::PooledSettingsFactory;
pub use run_log::RunLogFactory;
pub use run_table::RunTableFactory;
pub use short_leases::ShortLeasesFactory;
pub use status_cache::StatusCacheFactory;
pub use two_part_keys::TwoPartKeysFactory;
pub use waiter_map::WaiterMapFactory;
